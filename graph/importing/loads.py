"""A load under way: its connection, the ids it has met, and the counters it still has to write."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl
from sqlalchemy import Connection

from graph.copying import copy_frame
from graph.importing.declared import Declared
from graph.importing.queries import ids_of, some_ids
from graph.locks import lock
from weft.marks import add_mark
from weft.notices import post

MOST_KEYS = 1_000_000
MANY_KEYS = 5_000
MOST_TOLD = 500  # persons whom one notice names
PERSONS = "persons"  # something is stored of some, or of anybody: read them anew


@dataclass
class Load:
    """What lasts from one batch to the next.

    `several` tells that more batches may come, `whole` that all are one transaction.
    """

    connection: Connection
    declared: Declared
    several: bool = False
    whole: bool = False
    origin: str = "rows"
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    marks: Counter[str] = field(default_factory=Counter)
    doubled: bool = False
    remembers: bool = False
    notes: list[str] = field(default_factory=list)
    persons: set[int] = field(default_factory=set)  # of whom something is stored
    anybody: bool = False  # they may be others, too

    def lock(self, table: str) -> None:
        """Be the only one who gives ids of a table, until the transaction ends."""
        lock(self.connection, table)

    def known(self, table: str, keys: Iterable[str | None]) -> dict[str, int]:
        """Give the ids of those keys that have one; the dictionary may hold more."""
        met = self.ids.setdefault(table, {})
        if len(met) > MOST_KEYS:
            met.clear()
        new = [key for key in set(keys).difference(met) if key is not None]
        if len(new) > MANY_KEYS and not met:
            some = self.connection.execute(some_ids(table), {"most": MOST_KEYS // 2})
            met.update(some.all())
            new = [key for key in new if key not in met]
        if new:
            met.update(self.connection.execute(ids_of(table), {"keys": new}).all())
        return met

    def reason(self) -> str:
        """Say where the rows came from, for the history of the taxonomy."""
        return "; ".join([f"import of {self.origin}", *dict.fromkeys(self.notes)])

    def copy(self, table: str, frame: pl.DataFrame) -> None:
        """Send rows by COPY."""
        copy_frame(self.connection, table, frame)

    def concerns(self, persons: Iterable[int]) -> None:
        """Remember of whom something is stored; of too many to name them, it is anybody."""
        self.persons.update(persons)
        if len(self.persons) > MOST_TOLD:
            self.anybody = True
            self.persons.clear()

    def settle(self) -> None:
        """Write the counters, last of all, so that nobody waits for them long."""
        if self.anybody or self.persons:
            told = "" if self.anybody else ",".join(map(str, sorted(self.persons)))
            post(self.connection, PERSONS, told)
            self.persons.clear()
            self.anybody = False
        for subject, changes in sorted(self.marks.items()):
            add_mark(self.connection, subject, changes)
        self.marks.clear()
