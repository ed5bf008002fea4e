"""From what was learned to a space: a person's product with an item is what training fitted."""

from collections.abc import Mapping

import numpy as np

from graph.graph import Edges, Floats, Graph
from recall.spaces.skipgram.training import Learned
from recall.spaces.trained import Placed, mean_of


def placed(learned: Learned, spans: Mapping[str, slice], graph: Graph) -> Placed:
    """Persons foretell (inputs), the rest is foretold (outputs); without persons both add up."""
    liked = liked_in(graph)
    if liked is None and "person" not in spans:
        both = unit(learned.inputs) + unit(learned.outputs)
        return Placed({kind: both[span] for kind, span in spans.items()})
    vectors = {kind: learned.outputs[span] for kind, span in spans.items()}
    own = learned.inputs[spans["person"]] if "person" in spans else None
    return Placed({**vectors, "person": _persons(learned, spans, liked, own)})


def _persons(
    learned: Learned, spans: Mapping[str, slice], liked: Edges | None, own: Floats | None
) -> Floats:
    """Give the mean of what each liked, which foretells better; who liked nothing has their own."""
    if liked is None or "item" not in spans:
        assert own is not None
        return own
    persons = np.arange(len(liked.starts) - 1, dtype=np.int32)
    means = mean_of(liked, unit(learned.inputs[spans["item"]]), persons)
    if own is not None:
        idle = np.diff(liked.starts) == 0
        means[idle] = unit(own[idle])
    return means


def liked_in(graph: Graph) -> Edges | None:
    """Find the first kind of edge from persons to items."""
    kinds = graph.edges.values()
    return next((e for e in kinds if (e.source, e.target) == ("person", "item")), None)


def unit(vectors: Floats) -> Floats:
    """Give every vector the length of one; nought stays nought."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
