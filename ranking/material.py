"""What a stage's model reads: pairs, or who asks beside items that were worked out beforehand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats
from ranking.examples import Columns, Inputs, Longs
from ranking.rankers.lesson import Scorer
from ranking.sides import Sided


@dataclass(frozen=True)
class Met:
    """One who asks, and the rows of the items that they meet."""

    asks: Columns
    side: NDArray[np.float32]  # (items, width)
    rows: Longs  # (pairs,) which of the items

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, rows: Longs) -> "Met":
        """Give some of the pairs, and of items what they need."""
        return Met(self.asks, self.side.take(self.rows[rows], 0), np.arange(len(rows)))


Material = Inputs | Met


def think(scorer: Scorer, material: Material) -> Floats:
    """Give the chance of each task for each pair. # (rows, tasks)"""
    if isinstance(material, Inputs):
        return scorer.score(material)
    assert isinstance(scorer, Sided)
    return scorer.score_among(material.asks, material.side, material.rows)
