"""Whether a coarse ranker keeps what a fine one would show."""

import numpy as np

from graph.graph import Floats
from ranking.examples import Longs


def agreement(coarse: Floats, fine: Floats, groups: Longs, top: int, cut: int) -> float:
    """Give the share of fine's top that is in coarse's cut: its mean over groups, of each request.

    A group no larger than the cut says nothing and is left out; without any other: not a number.
    """
    sizes = np.bincount(groups)
    large = sizes[groups] > cut
    if not large.any():
        return float("nan")
    best = places(fine, groups) < top
    kept = places(coarse, groups) < cut
    found = np.bincount(groups, best & kept & large)
    wanted = np.bincount(groups, best & large)
    return float((found[wanted > 0] / wanted[wanted > 0]).mean())


def places(scores: Floats, groups: Longs) -> Longs:
    """Give the place of each row in its group, 0 for the highest; equals in the order of rows."""
    order = np.lexsort((-scores.astype(np.float64), groups))
    starts = np.cumsum(np.bincount(groups)) - np.bincount(groups)
    found = np.empty(len(scores), np.int64)
    found[order] = np.arange(len(scores)) - starts[groups[order]]
    return found
