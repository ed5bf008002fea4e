"""All items as a process knows them, and those that have changed since in their place."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

import numpy as np

from graph.catalog import Lifetime
from graph.graph import Numbers
from graph.meaning import Meaning
from graph.where import All, Either, Test, Where
from nlp.compiled import Longs
from recall.offers.columns import START, Flags, Values, plain
from recall.offers.since import Since
from recall.offers.table import Table

_serials = count()


@dataclass(frozen=True)
class Offer:
    """Items by columns: all as they were once, and those that changed later as they are now."""

    base: Table
    begun: datetime  # since when changes may be missing in the base
    late: Table  # what changed since then
    changed: Numbers  # (changed,) ids of these and of those that were removed; rising
    times: Longs  # (changed,) when that was, in microseconds since 1970
    since: Since  # from when on changes may be missing in all of it
    serial: int = field(default_factory=lambda: next(_serials))

    def holding(self, ids: Numbers, where: Where, meaning: Meaning) -> Flags:
        """Tell which of some items a filter lets through."""
        found = _of_some(self.base, ids, where, meaning)
        if len(self.changed):
            new = is_among(ids, self.changed)
            found[new] = _of_some(self.late, ids[new], where, meaning)
        return found

    def every(self, where: Where, meaning: Meaning) -> tuple[Flags, Numbers]:
        """Mark the rows of the base that a filter lets through, and name what came later."""
        marks = self.base.holding(where, meaning)
        rows = self.base.rows_of(self.changed)
        marks[rows[rows >= 0]] = False
        return marks, self.late.ids[self.late.holding(where, meaning)]

    def changed_since(self, moment: datetime) -> Numbers:
        """Name the items that changed from a moment on."""
        found: Numbers = self.changed[self.times >= plain(moment)]
        return found

    def next_begin(self, name: str | None, moment: datetime) -> datetime | None:
        """Tell when another item begins."""
        later = [_after(table, name, plain(moment)) for table in (self.base, self.late) if name]
        known = [one for one in later if one is not None]
        return datetime.fromtimestamp(min(known) / 1e6, START.tzinfo) if known else None


def offering(lifetime: Lifetime, moment: datetime) -> Where:
    """Write as a filter that items have begun at a moment, and have not ended."""
    ways = ((lifetime.begins, "lte"), (lifetime.ends, "gt"))
    return All(
        tuple(
            Either((Test(name, "exists", False), Test(name, verb, moment)))
            for name, verb in ways
            if name
        )
    )


def is_among(ids: Numbers, some: Numbers) -> Flags:
    """Mark what is among ids that rise."""
    if not len(some) or not len(ids):
        return np.zeros(len(ids), bool)
    at = np.minimum(np.searchsorted(some, ids), len(some) - 1)
    found: Flags = some[at] == ids
    return found


def _of_some(table: Table, ids: Numbers, where: Where, meaning: Meaning) -> Flags:
    rows = table.rows_of(ids)
    known = rows >= 0
    found = np.zeros(len(ids), bool)
    found[known] = table.holding(where, meaning, rows[known])
    return found


def _after(table: Table, name: str, moment: int) -> int | None:
    column = table.columns[name]
    assert isinstance(column, Values)
    later = column.values[column.there & (column.values > moment)]
    return int(later.min()) if len(later) else None
