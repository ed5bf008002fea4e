"""Counts of events in windows that end at a tick: exact, and the same whoever asks when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ranking.examples import Longs
from ranking.features import queries
from ranking.features.hashing import Tokens, crossed, tokens_of, tokens_of_ids
from ranking.features.moments import micros_of, moment_of
from ranking.features.spec import Statistic
from ranking.features.timeline import Timeline, timeline_of
from ranking.features.wanted import Tallying


@dataclass(frozen=True)
class Tally:
    """Events of some kinds by what they are of and by tick, summed up."""

    line: Timeline
    sums: NDArray[np.int64]  # (rows + 1, kinds) of all rows before
    kinds: tuple[str, ...]
    since: int  # nothing before is counted
    until: int  # nor anything from then on

    def count(self, keys: Tokens, ticks: Longs, window: int, kinds: Sequence[str]) -> Longs:
        """Count events of some kinds from `window` before each tick up to it."""
        begin, end = self.line.between(keys, ticks - window, ticks)
        found = [self.kinds.index(kind) for kind in kinds]
        counts: Longs = (self.sums[end] - self.sums[begin])[:, found].sum(1)
        return counts

    def covers(self, since: int, until: int) -> bool:
        """Tell whether all events of a time are counted."""
        return self.since <= since and until <= self.until


@dataclass(frozen=True)
class Counted:
    """What a statistic is taken from."""

    hits: Longs
    tries: Longs | None  # None where hits alone are asked for
    missing: NDArray[np.bool_]  # nothing to count by


def counted(tally: Tally, statistic: Statistic, keys: Tokens, ticks: Longs) -> Counted:
    """Count what a statistic asks for."""
    window = micros_of(statistic.window)
    hits = tally.count(keys, ticks, window, statistic.events)
    tries = tally.count(keys, ticks, window, statistic.per) if statistic.per else None
    return Counted(hits, tries, keys == 0)


def read_tally(
    connection: Connection,
    tallying: Tallying,
    since: int,
    until: int,
    persons: Longs | None = None,
) -> Tally:
    """Count what happened from one moment to another, of all persons or of some."""
    values: dict[str, Any] = {
        "every": moment_of(tallying.every) - moment_of(0),
        "kinds": list(tallying.kinds),
        "since": moment_of(since),
        "until": moment_of(until),
    }
    if persons is not None:
        values["persons"] = np.unique(persons[persons >= 0]).tolist()
    statement = queries.tallies(tallying.of, persons is not None)
    rows = connection.execute(statement, values).all()
    return tally_of(tallying, rows, since, until)


def tally_of(tallying: Tallying, rows: Sequence[Sequence[Any]], since: int, until: int) -> Tally:
    """Sum rows up: what they are of, tick, kind, how many."""
    columns = list(zip(*rows, strict=True)) or [()] * (len(tallying.of) + 3)
    *dims, ticks, kinds, counts = columns
    keys = crossed(_tokens(of, some) for of, some in zip(tallying.of, dims, strict=True))
    times = np.array(ticks, np.int64)
    order = np.lexsort((times, keys))
    numbers = {kind: number for number, kind in enumerate(tallying.kinds)}
    sums = np.zeros((len(rows) + 1, len(numbers)), np.int64)
    places = np.array([numbers[kind] for kind in kinds], np.int64)[order]
    sums[np.arange(1, len(rows) + 1), places] = np.array(counts, np.int64)[order]
    sums.cumsum(0, out=sums)
    return Tally(timeline_of(keys[order], times[order]), sums, tallying.kinds, since, until)


def _tokens(source: str, column: Sequence[Any]) -> Tokens:
    """Give the words of a dimension as features have them."""
    if source.endswith(".key"):
        return tokens_of_ids(np.array(column, np.int64))
    return tokens_of(column)
