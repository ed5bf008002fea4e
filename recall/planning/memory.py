"""What a process remembers of a database: estimates, vectors, and which items filters let through.

Nothing is found by it alone: the database decides, or says what has changed since.
"""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Pool
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog
from graph.graph import Numbers
from graph.meaning import Meaning
from recall.kept import Kept
from recall.listed.listing import Listing
from recall.offers.standing import Standing
from recall.persons import Persons
from recall.planning.codes import Codes
from recall.planning.matching import Matching

MIB = 2**20


@dataclass(frozen=True)
class Memory:
    """What is remembered of one database."""

    filling: dict[Hashable, asyncio.Task[Codes | None]] = field(default_factory=dict)
    codes: Kept[Codes] = field(default_factory=lambda: Kept(1024 * MIB))
    reading: dict[Hashable, asyncio.Task[None]] = field(default_factory=dict)
    common: Kept[bool] = field(default_factory=lambda: Kept(10_000, 600.0))
    matching: Kept[Matching] = field(default_factory=lambda: Kept(256 * MIB))
    models: Kept[Any] = field(default_factory=lambda: Kept(32))
    offers: Kept[Standing] = field(default_factory=lambda: Kept(4))
    crossings: Kept[Numbers] = field(default_factory=lambda: Kept(64 * MIB))
    lists: Kept[Listing] = field(default_factory=lambda: Kept(96 * MIB))
    meanings: Kept[Meaning] = field(default_factory=lambda: Kept(10_000))
    numbers: Kept[int] = field(default_factory=lambda: Kept(10_000, 60.0))
    persons: Persons = field(default_factory=Persons)

    def offers_of(self, catalog: Catalog) -> Standing:
        """Give what is known of the items of a catalogue."""
        found = self.offers.get(catalog)
        if found is None:
            found = Standing(catalog)
            self.offers.keep(catalog, found)
        return found


_memories: WeakKeyDictionary[Any, Memory] = WeakKeyDictionary()


def memory_of(connection: AsyncConnection | Connection) -> Memory:
    """Give what is remembered of the database behind a connection."""
    return memory_behind(connection.engine.pool)


def memory_behind(pool: Pool) -> Memory:
    """Give what is remembered of the database behind a pool."""
    if pool not in _memories:
        _memories[pool] = Memory()
    return _memories[pool]
