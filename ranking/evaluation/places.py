"""How high what was taken stands in its request."""

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats
from ranking.evaluation.sums import Sums, sums_of
from ranking.examples import Longs


def ndcg(chances: Floats, labels: Floats, groups: Longs, persons: Longs, top: int) -> Sums:
    """Give NDCG@top of each person's requests, of those in which anything was taken.

    Of equal chances the later row stands first: a ranker gains nothing by saying nothing.
    """
    order = np.lexsort((np.arange(len(groups))[::-1], -chances, groups))
    ideal = np.lexsort((-labels, groups))
    size = int(groups.max(initial=-1)) + 1
    gained, best = (_gains(labels[o], groups[o], size, top) for o in (order, ideal))
    value = np.divide(gained, best, out=np.zeros(size), where=best > 0)
    whose = np.zeros(size, np.int64)
    whose[groups] = persons
    return sums_of(value, (best > 0).astype(np.float64), whose)


def _gains(labels: Floats, groups: Longs, size: int, top: int) -> NDArray[np.float64]:
    """Sum what stands in the first places, each by the logarithm of its place."""
    starts = np.r_[True, groups[1:] != groups[:-1]] if len(groups) else np.zeros(0, np.bool_)
    firsts = np.flatnonzero(starts)
    place = np.arange(len(groups)) - firsts[np.cumsum(starts) - 1]
    worth = np.where(place < top, 1 / np.log2(place + 2), 0.0)
    return np.bincount(groups, labels * worth, size).astype(np.float64)
