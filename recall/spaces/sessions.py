"""Sessions: what a person did without a long break, in order."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from recall.spaces.trained import NOTHING_DONE, Sessions

Rows = NDArray[np.void]  # person, item, time, weight, bought; in order of person and time
Flags = NDArray[np.bool_]


def sessions_of(rows: Rows, gap: float, before_purchase: float = 1.0) -> Sessions:
    """Break what was done where another person begins, or a break is longer than `gap` seconds.

    What leads to a purchase in its session counts `before_purchase` times.
    """
    if not len(rows):
        return NOTHING_DONE
    begins = _begins(rows, gap)
    starts = np.append(np.flatnonzero(begins), len(rows)).astype(np.int64)
    factor = np.where(_before_purchase(rows["bought"] > 0, starts), before_purchase, 1.0)
    weights = (rows["weight"] * factor).astype(np.float32)
    return Sessions(starts, rows["item"].astype(np.int32), weights)


def _begins(rows: Rows, gap: float) -> Flags:
    begins = np.ones(len(rows), bool)
    another = rows["person"][1:] != rows["person"][:-1]
    begins[1:] = another | (np.diff(rows["time"].astype(np.float64)) > gap)
    return begins


def _before_purchase(bought: Flags, starts: NDArray[np.int64]) -> Flags:
    """Mark what comes before the last purchase of its session, and is none itself."""
    places: NDArray[Any] = np.arange(len(bought))
    last = np.maximum.reduceat(np.where(bought, places, -1), starts[:-1])
    earlier: Flags = (places < np.repeat(last, np.diff(starts))) & ~bought
    return earlier
