"""A measure as two sums for each person, so that persons can be drawn again and again."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recall.evaluation.shares import draw

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Sums:
    """The measure is the sum of `over` by the sum of `under`."""

    over: Doubles  # (persons,)
    under: Doubles  # (persons,)

    def mean(self) -> float:
        """Give the measure; NaN where there is nothing to divide by."""
        return float(self.rounds(np.ones((1, len(self.over))))[0])

    def rounds(self, times: Doubles) -> Doubles:
        """Give the measure of each round of draws. # times: (rounds, persons)"""
        over, under = times @ self.over, times @ self.under
        found: Doubles = np.full(len(over), np.nan)
        np.divide(over, under, out=found, where=under > 0)
        return found


def sums_of(
    over: NDArray[np.floating], under: NDArray[np.floating], persons: NDArray[np.int64]
) -> Sums:
    """Add up what rows have by person; persons are numbered from 0 on."""
    size = int(persons.max(initial=-1)) + 1
    added = (np.bincount(persons, some, size).astype(np.float64) for some in (over, under))
    return Sums(*added)


def drawn(persons: int, seed: int) -> Doubles:
    """Draw as many persons as there are, time and again. # (rounds, persons)"""
    return draw(np.arange(persons, dtype=np.int32), seed).times
