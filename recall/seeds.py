"""What a history starts a search from: items, by how much and how lately they were of interest."""

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from recall.candidates import History

Seeds = tuple[NDArray[np.int32], NDArray[np.float64]]


def seeds_of(history: History, moment: datetime, half_life: timedelta, most: int) -> Seeds:
    """Give the weightiest items of a history; a deed counts half after each half-life."""
    lives = (moment.timestamp() - history.times) / half_life.total_seconds()
    worth = history.weights * np.exp2(-np.clip(lives, 0, 200))
    items, places = np.unique(history.items, return_inverse=True)
    weights = np.bincount(places, worth, len(items)).astype(np.float64)
    order = np.lexsort((items, -weights))[:most]
    return items[order], weights[order]
