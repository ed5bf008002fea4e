"""How evenly what is offered is shown: coverage and Gini."""

import numpy as np
from numpy.typing import NDArray

from graph.graph import Numbers
from recall.evaluation.exam import NOBODY, Flags


def times_shown(items: Numbers, offered: Flags) -> NDArray[np.int64]:
    """Count how often each offered item is found. # (offered,)"""
    found = items[items != NOBODY]
    return np.bincount(found, minlength=len(offered))[: len(offered)][offered]


def coverage(shown: NDArray[np.int64]) -> float:
    """Give the share of what is offered that anybody finds."""
    return float(np.mean(shown > 0)) if len(shown) else float("nan")


def gini(shown: NDArray[np.int64]) -> float:
    """Tell how unequal items are: 0 where all are shown as often, near 1 where one takes all."""
    size, total = len(shown), int(shown.sum())
    if not total:
        return float("nan")
    ranks = 2 * np.arange(1, size + 1) - size - 1
    return float((ranks * np.sort(shown)).sum() / (size * total))
