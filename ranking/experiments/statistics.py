"""Rates with intervals, differences, and whether arms have the persons that they should have.

Persons are the unit, for what one person does on two pages is not independent. A rate is then one
sum over persons by another, and the delta method gives its variance from sums alone: exact to the
last digit each time, and no slower for a million persons than for a hundred. A bootstrap over
persons says the same within its own noise where there are enough persons to decide anything.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDE = 1.959963984540054  # standard deviations to either side that hold 95 %


@dataclass(frozen=True)
class Sums:
    """Sums over persons: of what is divided, of what it is divided by, and of their products."""

    persons: int
    above: float
    below: float
    above_above: float
    above_below: float
    below_below: float


@dataclass(frozen=True)
class Rate:
    """A rate with its interval of 95 %."""

    value: float
    low: float
    high: float
    variance: float


@dataclass(frozen=True)
class Difference:
    """How much more a rate is than another, with its interval of 95 %, and how likely by chance."""

    value: float
    low: float
    high: float
    lift: float | None  # as a part of the other
    p: float


@dataclass(frozen=True)
class Balance:
    """Whether persons are spread over arms as their shares say."""

    expected: tuple[float, ...]
    chi_squared: float
    p: float


def rate_of(sums: Sums) -> Rate | None:
    """Give a rate, by the delta method; none where nothing is to be divided by.

    Deng, Knoblich, Lu: Applying the Delta Method in Metric Analytics (2018), formula (3).
    """
    if sums.below <= 0:
        return None
    value, n = sums.above / sums.below, sums.persons
    squares = sums.above_above - 2 * value * sums.above_below + value**2 * sums.below_below
    variance = max(squares, 0.0) * n / (n - 1) / sums.below**2 if n > 1 else math.inf
    wide = WIDE * math.sqrt(variance)
    return Rate(value, value - wide, value + wide, variance)


def difference_of(rate: Rate, other: Rate) -> Difference:
    """Compare two rates of different persons."""
    value, variance = rate.value - other.value, rate.variance + other.variance
    wide = WIDE * math.sqrt(variance)
    lift = value / other.value if other.value > 0 else None
    if variance == 0:
        return Difference(value, value, value, lift, 1.0 if value == 0 else 0.0)
    p = math.erfc(abs(value) / math.sqrt(2 * variance))
    return Difference(value, value - wide, value + wide, lift, p)


def balance_of(persons: Sequence[int], shares: Sequence[float]) -> Balance:
    """Test by chi-squared whether persons are spread as shares say."""
    whole, parts = sum(persons), sum(shares)
    expected = tuple(whole * share / parts for share in shares)
    pairs = zip(persons, expected, strict=True)
    squared = sum((seen - wanted) ** 2 / wanted for seen, wanted in pairs if wanted > 0)
    return Balance(expected, squared, chi_squared_tail(squared, len(persons) - 1))


def chi_squared_tail(value: float, degrees: int) -> float:
    """Give the chance of at least this value.

    Abramowitz, Stegun: Handbook of Mathematical Functions, 26.4.4 and 26.4.5.
    """
    if degrees < 1:
        return 1.0
    half, even = value / 2, degrees % 2 == 0
    tail = math.exp(-half) if even else math.erfc(math.sqrt(half))
    term = math.exp(-half) if even else math.exp(-half) / math.sqrt(math.pi * half or 1.0)
    for step in range(2 if even else 1, degrees, 2):
        term *= half / (step / 2)
        tail += term
    return min(tail, 1.0)
