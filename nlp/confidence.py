"""How sure a mention is, and how that is made honest by examples.

Isotonic regression by pooling adjacent violators (Ayer et al. 1955), read with straight lines
between the pools' centres.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from nlp.ambiguity import Meanings
from nlp.compiled import Bytes, Doubles, Ints, Longs, compiled
from nlp.matching import Spans
from nlp.net import Net

BY_KIND = np.array([0.985, 0.98, 0.95, 0.93])
BY_HARM = np.array([1.0, 0.9, 0.8, 0.0])
BY_SLIPS = np.array([1.0, 0.8, 0.65])
BINS = 15
Sample = tuple[float, bool]  # a confidence as given, and whether it was right


class Calibration(NamedTuple):
    """Raw confidences and what they proved to be worth, both rising."""

    raw: Doubles
    true: Doubles


def as_it_is() -> Calibration:
    """No correction."""
    return Calibration(np.array([0.0, 1.0]), np.array([0.0, 1.0]))


def confidences(spans: Spans, meanings: Meanings, kinds: Longs, fixed: Calibration) -> Doubles:
    """Confidence of every span."""
    base = BY_KIND[kinds] * BY_HARM[spans.break_] * BY_SLIPS[spans.slips]
    odds = np.log(base / (1 - base)) + np.clip(0.35 * meanings.support, -2.0, 2.0)
    raw = meanings.share / (1 + np.exp(-odds))
    return np.asarray(np.interp(raw, fixed.raw, fixed.true))


def kinds_of(spans: Spans, meanings: Meanings, net: Net) -> Longs:
    """How openly each form is the name of the chosen tag."""
    return kinds(spans.pattern, meanings.place, net.owned, net.owner, net.kind)


@compiled
def kinds(pattern: Ints, place: Ints, owned: Longs, owner: Ints, kind: Bytes) -> Longs:
    """Look the chosen owner up among all owners."""
    found = np.zeros(len(pattern), np.int64)
    for span in range(len(pattern)):
        for at in range(owned[pattern[span]], owned[pattern[span] + 1]):
            if owner[at] == place[span]:
                found[span] = kind[at]
    return found


def calibrate(samples: Iterable[Sample]) -> Calibration:
    """Fit to samples."""
    rows = np.array([(given, float(right)) for given, right in samples]).reshape(-1, 2)
    if not len(rows):
        return as_it_is()
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    pools = pooled(*grouped(rows))
    raw, true = pools[:, 0], pools[:, 1]
    ends = np.array([0.0, *raw, 1.0]), np.array([true[0] * 0.5, *true, true[-1]])
    return Calibration(*ends)


def doubts() -> list[Sample]:
    """Samples that speak for no correction: ten for each tenth, right as often as given."""
    return [(tenth / 10, at < tenth) for tenth in range(1, 10) for at in range(10)]


def corrected(given: float, fixed: Calibration) -> float:
    """What a confidence proved to be worth."""
    return float(np.interp(given, fixed.raw, fixed.true))


def grouped(rows: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Equal confidences together: value, mean of right, how many."""
    value, place, count = np.unique(rows[:, 0], return_inverse=True, return_counts=True)
    return value, np.bincount(place, rows[:, 1]) / count, count.astype(float)


def pooled(value: Doubles, right: Doubles, count: Doubles) -> Doubles:
    """Pools (centre, share of right, size) in rising order; falling neighbours are merged."""
    pools: list[tuple[float, float, float]] = []
    for pool in zip(value, right, count, strict=True):
        pools.append(pool)
        while len(pools) > 1 and pools[-2][1] >= pools[-1][1]:
            pools.append(merged(pools.pop(), pools.pop()))
    return np.array(pools)


def merged(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Two pools as one."""
    size = one[2] + other[2]
    centre, share = ((one[at] * one[2] + other[at] * other[2]) / size for at in (0, 1))
    return centre, share, size


def calibration_error(samples: Iterable[Sample]) -> float:
    """Expected calibration error: the mean gap between given and true, over equal bins."""
    rows = np.array([(given, float(right)) for given, right in samples]).reshape(-1, 2)
    if not len(rows):
        return 0.0
    place = np.minimum((rows[:, 0] * BINS).astype(int), BINS - 1)
    gaps = np.bincount(place, rows[:, 0] - rows[:, 1], BINS)
    return float(np.abs(gaps).sum() / len(rows))


def brier(samples: Iterable[Sample]) -> float:
    """Mean squared distance of confidence and truth (Brier 1950)."""
    return float(np.mean([(given - right) ** 2 for given, right in samples]))
