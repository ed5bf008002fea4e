"""The stretch of time a world covers, in seconds since 1970."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import numpy as np
import polars as pl

from world.draws import Ints

DAY = 86_400
SHANGHAI = timezone(timedelta(hours=8))
OFFSET = 8 * 3600


@dataclass(frozen=True)
class Span:
    """From midnight of the first day to the end, which may cut the last day short."""

    start: int
    end: int

    @property
    def days(self) -> int:
        """Days begun."""
        return -(-(self.end - self.start) // DAY)

    def day(self, number: int) -> tuple[int, int]:
        """First second of a day and the first after it."""
        first = self.start + number * DAY
        return first, min(first + DAY, self.end)


def span_of(days: int, until: date | datetime) -> Span:
    """`until` as a date is a whole day; as a moment it is the end."""
    if isinstance(until, datetime):
        end = int(until.timestamp())
        last = datetime.fromtimestamp(end - 1, SHANGHAI)
    else:
        last = datetime(until.year, until.month, until.day, tzinfo=SHANGHAI)
        end = int(last.timestamp()) + DAY
    midnight = last.replace(hour=0, minute=0, second=0, microsecond=0)
    return Span(int(midnight.timestamp()) - (days - 1) * DAY, end)


def written(seconds: Ints) -> pl.Series:
    """Moments as `2026-06-30T20:15:00+08:00`."""
    local = np.datetime_as_string((seconds + OFFSET).astype("datetime64[s]"), unit="s")
    return pl.Series(local.tolist(), dtype=pl.String) + "+08:00"
