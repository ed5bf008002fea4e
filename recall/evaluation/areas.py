"""AUC of a list that ends: what it does not reach stands level behind it."""

import numpy as np
from numpy.typing import NDArray

from graph.graph import Numbers
from recall.evaluation.exam import NOBODY, Hits
from recall.evaluation.shares import Share, each


def area(
    items: Numbers, hits: Hits, wanted: NDArray[np.int64], choices: NDArray[np.int64]
) -> Share:
    """Give the chance that something wanted stands before something unwanted.

    `choices` counts all items that could be found; two that are not found stand level.
    """
    places = np.arange(hits.shape[1], dtype=np.float64)
    bad_before = places - (np.cumsum(hits, 1) - hits)  # (questions, top)
    good, bad = hits.sum(1), (choices - wanted).astype(np.float64)
    bad_found = (items != NOBODY).sum(1) - good
    won = (hits * (bad[:, None] - bad_before)).sum(1)
    level = (wanted - good) * (bad - bad_found) / 2
    pairs = wanted * bad
    nothing = np.full(len(items), np.nan)
    return each(np.divide(won + level, pairs, out=nothing, where=pairs > 0))
