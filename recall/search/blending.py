"""What several scorings say of the same items becomes one score; each part stays to be seen."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from graph.graph import Numbers

Scores = NDArray[np.float64]


def blended(parts: Mapping[str, Scores], weights: Mapping[str, float], size: int) -> Scores:
    """Sum up parts by weight; what a part holds against an item does not count. # (items,)"""
    total = np.zeros(size)
    for name, scores in parts.items():
        total += weights[name] * np.maximum(scores, 0)
    return total


def ordered(items: Numbers, scores: Scores, top: int) -> NDArray[np.int64]:
    """Give the places of the best, of equals the older item."""
    return np.lexsort((items, -scores))[:top]


def aligned(items: Numbers, found: Mapping[int, float]) -> Scores:
    """Lay scores beside items; nothing where there is none."""
    return np.array([found.get(item, 0.0) for item in items.tolist()], np.float64)
