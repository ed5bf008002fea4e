"""A measure as two columns, so that any part of the questions has its mean, and its doubt."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recall.evaluation.exam import Flags, Hits

ROUNDS = 500
DOUBT = (2.5, 97.5)  # percentiles between which 95 % of the rounds lie


@dataclass(frozen=True)
class Share:
    """The mean over questions is the sum of `over` by the sum of `under`."""

    over: Hits  # (questions,)
    under: Hits  # (questions,)

    def mean(self, part: Flags) -> float:
        """Give the mean over some questions; NaN where there is nothing to divide by."""
        return _divided(self.over[part].sum(), self.under[part].sum())


@dataclass(frozen=True)
class Draws:
    """Persons drawn with replacement, many times: the bootstrap of Efron (1979)."""

    places: NDArray[np.intp]  # (questions,) the place of each question's person
    times: NDArray[np.float64]  # (rounds, persons) how often each was drawn

    def between(self, share: Share, part: Flags) -> tuple[float, float]:
        """Give an interval around a mean."""
        return interval(_means(self, share, part))

    def lift(self, share: Share, base: Share, part: Flags) -> tuple[float, float]:
        """Give an interval around how much a mean is above another, with the same draws."""
        return interval(_ratios(_means(self, share, part), _means(self, base, part)) - 1)


def each(values: Hits) -> Share:
    """Count every question once, but for those that have no value (NaN)."""
    there = ~np.isnan(values)
    return Share(np.where(there, values, 0.0), there.astype(np.float64))


def draw(persons: NDArray[np.int32], seed: int, rounds: int = ROUNDS) -> Draws:
    """Draw as many persons as there are; all questions of a person come along."""
    different, places = np.unique(persons, return_inverse=True)
    size = len(different)
    chances = np.full(size, 1 / max(size, 1))
    times = np.random.default_rng(seed).multinomial(size, chances, rounds)
    return Draws(places, times.astype(np.float64))


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Give where 95 % of the rounds lie; rounds without a value do not count."""
    there = values[~np.isnan(values)]
    if not len(there):
        return float("nan"), float("nan")
    low, high = np.percentile(there, DOUBT)
    return float(low), float(high)


def _means(draws: Draws, share: Share, part: Flags) -> NDArray[np.float64]:
    size = draws.times.shape[1]
    over, under = (
        draws.times @ np.bincount(draws.places[part], side[part], size)
        for side in (share.over, share.under)
    )
    return _ratios(over, under)


def _ratios(over: NDArray[np.float64], under: NDArray[np.float64]) -> NDArray[np.float64]:
    ratios = np.full(len(over), np.nan)
    np.divide(over, under, out=ratios, where=under > 0)
    return ratios


def _divided(over: float, under: float) -> float:
    return float(over / under) if under > 0 else float("nan")
