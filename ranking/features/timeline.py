"""Rows in order of whose they are and when: how many stand before a moment."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ranking.examples import Longs

Keys = NDArray[np.integer]


@dataclass(frozen=True)
class Timeline:
    """Keys and times of rows that are sorted by both."""

    keys: Keys  # (keys,) each once, rising
    times: Longs  # (times,) each once, rising
    places: Longs  # (rows,) rising: key and time as one number

    def between(self, keys: Keys, begins: Longs, ends: Longs) -> tuple[Longs, Longs]:
        """Give the first of the rows of keys from one time on, and the first from another on.

        Where a key has no rows, both are the same.
        """
        numbers = np.searchsorted(self.keys, keys)
        known = found_in(self.keys, keys, numbers)
        firsts = numbers * (len(self.times) + 1)
        ranks = (np.searchsorted(self.times, times) for times in (begins, ends))
        places = [firsts + np.where(known, rank, 0) for rank in ranks]
        return np.searchsorted(self.places, places[0]), np.searchsorted(self.places, places[1])


def timeline_of(keys: Keys, times: Longs) -> Timeline:
    """Index rows that are sorted by key and time."""
    known, numbers = np.unique(keys, return_inverse=True)
    moments, ranks = np.unique(times, return_inverse=True)
    return Timeline(known, moments, numbers * np.int64(len(moments) + 1) + ranks)


def places_in(rising: Longs, wanted: NDArray[np.integer]) -> Longs:
    """Give where numbers stand among rising ones, and how many those are where one is not there."""
    size = len(rising)
    if size and int(rising[-1]) - int(rising[0]) == size - 1:  # there are no gaps: no search
        places = np.asarray(wanted, np.int64) - int(rising[0])
        return np.where((places >= 0) & (places < size), places, size)
    found = np.searchsorted(rising, wanted)
    return np.where(found_in(rising, wanted, found), found, size)


def found_in(
    rising: NDArray[np.generic], wanted: NDArray[np.generic], places: Longs
) -> NDArray[np.bool_]:
    """Tell which of what was searched for is there."""
    if not len(rising):
        return np.zeros(np.shape(wanted), np.bool_)
    return np.asarray(rising[np.minimum(places, len(rising) - 1)] == wanted, np.bool_)
