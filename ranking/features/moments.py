"""Moments in whole microseconds since 1970, as the database keeps them, and clocks that tick."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ranking.examples import Longs, Moments

SECOND = 1_000_000
HOUR = 3_600 * SECOND
QUARTER = 900 * SECOND  # clocks of every zone are set by whole quarters of an hour
NEVER = np.iinfo(np.int64).min  # a time that is missing
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Clock:
    """What follows from time changes when it ticks; it shows the past if it is slow."""

    every: int
    slow: int = 0

    def tick(self, moments: Longs) -> Longs:
        """Give the last tick at each moment."""
        return (moments - self.slow) // self.every * self.every


def micros(moments: Moments) -> Longs:
    """Give seconds as microseconds."""
    return np.round(moments * SECOND).astype(np.int64)


def micros_of(value: timedelta) -> int:
    """Give a duration in microseconds."""
    return value // timedelta(microseconds=1)


def moment_of(value: int) -> datetime:
    """Give a moment as Python and the database have it."""
    return EPOCH + timedelta(microseconds=int(value))


def local(moments: Longs, zone: str) -> tuple[Longs, Longs]:
    """Give the hour and the weekday (0 is Monday) that clocks of a zone show."""
    quarters, places = np.unique(moments // QUARTER, return_inverse=True)
    there = [moment_of(quarter * QUARTER).astimezone(ZoneInfo(zone)) for quarter in quarters]
    hours, days = _longs(one.hour for one in there), _longs(one.weekday() for one in there)
    return hours[places], days[places]


def _longs(values: Iterable[int]) -> Longs:
    return np.fromiter(values, np.int64)
