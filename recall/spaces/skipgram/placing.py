"""From what was learned to a space: a person's product with an item is what training fitted."""

from collections.abc import Mapping

import numpy as np

from graph.graph import Edges, Floats, Graph
from recall.spaces.skipgram.training import Learned
from recall.spaces.trained import Placed, mean_of


def placed(learned: Learned, spans: Mapping[str, slice], graph: Graph) -> Placed:
    """Persons foretell (inputs), the rest is foretold (outputs); without persons both add up."""
    liked = liked_in(graph)
    if "person" in spans:
        return Placed({kind: _side(learned, kind)[span] for kind, span in spans.items()})
    if liked is None:
        both = unit(learned.inputs) + unit(learned.outputs)
        return Placed({kind: both[span] for kind, span in spans.items()})
    persons = np.arange(graph.size("person"), dtype=np.int32)
    vectors = {kind: learned.outputs[span] for kind, span in spans.items()}
    vectors["person"] = mean_of(liked, unit(learned.inputs[spans["item"]]), persons)
    return Placed(vectors)


def liked_in(graph: Graph) -> Edges | None:
    """Find the first kind of edge from persons to items."""
    kinds = graph.edges.values()
    return next((e for e in kinds if (e.source, e.target) == ("person", "item")), None)


def unit(vectors: Floats) -> Floats:
    """Give every vector the length of one; nought stays nought."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)


def _side(learned: Learned, kind: str) -> Floats:
    return learned.inputs if kind == "person" else learned.outputs
