"""How little known what is found is."""

import numpy as np
from numpy.typing import NDArray

from graph.graph import Numbers
from recall.evaluation.exam import NOBODY
from recall.evaluation.shares import Share


def novelty(items: Numbers, known: NDArray[np.int64], crowd: int) -> Share:
    """Give the bits of surprise of an item: of -log2 of the share of persons who knew it.

    Zhou et al. (2010); one more person than there is knows each item, so that none is endless.
    """
    there = items != NOBODY
    chances = (known[np.where(there, items, 0)] + 1) / (crowd + 1)  # (questions, top)
    bits = np.where(there, -np.log2(chances), 0.0)
    return Share(bits.sum(1), there.sum(1).astype(np.float64))
