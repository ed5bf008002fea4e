"""From what was learned to a space: a person's product with an item is what training fitted."""

from collections.abc import Mapping

import numpy as np

from graph.graph import Edges, Floats, Graph
from recall.spaces.skipgram.training import Learned
from recall.spaces.trained import Placed, liked_in, mean_of, unit


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
