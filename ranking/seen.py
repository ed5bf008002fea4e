"""What models have seen of the items of a page: held by reference on the way, cut with the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats
from ranking.examples import Longs
from ranking.material import Material
from ranking.objectives import Doubles, Objective

if TYPE_CHECKING:
    from ranking.ready import Ready


@dataclass(frozen=True)
class Seen:
    """What a stage's model read of some items, and what it thought of them."""

    stage: str
    model: str
    encoding: str  # what tells the encoding from every other one
    items: Longs  # (items,) ids
    material: Material  # a row for each item
    chances: Floats  # (items, tasks)
    scores: Doubles  # (items,) what the stage made of the chances
    objective: Objective  # by which it did

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Thought:
    """All that a stage looked at in one request."""

    stage: str
    ready: "Ready"
    items: NDArray[np.int32]  # (candidates,)
    material: Material
    chances: Floats
    scores: Doubles
    objective: Objective

    def seen(self, items: Sequence[int]) -> Seen:
        """Keep what has to do with some items; those that it did not look at are left out."""
        rows = rows_of(self.items, np.array(items, np.int32))
        return Seen(
            self.stage,
            self.ready.name,
            self.ready.mark,
            self.items[rows].astype(np.int64),
            self.material.part(rows),
            self.chances[rows],
            self.scores[rows],
            self.objective,
        )


def rows_of(items: NDArray[np.int32], wanted: NDArray[np.int32]) -> Longs:
    """Give the rows of some items, in their order; few are wanted of many."""
    if not len(wanted):
        return np.zeros(0, np.int64)
    order = np.argsort(wanted)
    near = np.minimum(np.searchsorted(wanted[order], items), len(wanted) - 1)
    rows = np.flatnonzero(wanted[order][near] == items)
    found: Longs = rows[np.argsort(order[near[rows]])]
    return found
