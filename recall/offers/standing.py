"""What a process knows of all items: read once, beside requests, and kept current while it is used.

Nothing waits for it but where items are few. What changes between two looks is asked of the
database by each request, so that nobody finds what was removed before they asked.
"""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

import numpy as np
import psycopg
from pyarrow.lib import ArrowException
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from graph.catalog import Catalog
from recall.offers import queries
from recall.offers.columns import Arrays
from recall.offers.offer import Offer
from recall.offers.reading import read_arrays, read_changed
from recall.offers.since import EARLIER, Since, read_since
from recall.offers.table import Table, table_in, wanted
from weft.database import connect
from weft.logs import log
from weft.shared import shared

MIB = 2**20
LARGEST = 512 * MIB  # of all columns
FEW = 10_000  # items that are read at once
LOOK, PATIENCE = 2.0, 20.0  # seconds between looks; how much longer than looking takes
AFTER = 0.2  # seconds; who asked has their answer by then, and needs the processor until then
MANY = 20_000  # items that changed; with more, all are read anew
SLOT, OLD = 600.0, 18  # seconds; how many slots ago what others have read will do at first


class Standing:
    """What is known of the items of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.offer: Offer | None = None
        self.task: asyncio.Task[None] | None = None
        self.due = 0.0
        self.rows: float | None = None  # about how many items there are
        self.lock = asyncio.Lock()

    async def current(self, connection: AsyncConnection, wait: bool = False) -> Offer | None:
        """Give what is known; look beside for what has changed."""
        if self.offer is None and not await self._fits(connection):
            return None
        if self.task is None and time.monotonic() >= self.due:
            self.task = asyncio.create_task(self._look(connection.engine))
        if self.offer is None and self.task is not None and (wait or self._few()):
            await asyncio.shield(self.task)
        return self.offer

    async def _fits(self, connection: AsyncConnection) -> bool:
        """Tell whether there is room for all items."""
        async with self.lock:
            if self.rows is None:
                self.rows = float((await connection.execute(queries.ROWS)).scalar_one())
        return self.rows * (60 + 12 * len(wanted(self.catalog))) <= LARGEST

    def _few(self) -> bool:
        return self.rows is not None and self.rows <= FEW

    async def _look(self, engine: AsyncEngine) -> None:
        """Look for changes; the longer it takes, the longer until the next look."""
        before = self.offer
        if before is not None:
            await asyncio.sleep(AFTER)
        began = time.monotonic()
        try:
            await self._read(engine)
        except (SQLAlchemyError, psycopg.Error, ArrowException) as error:
            log("recall").warning("items are not looked at", exc_info=error)
        finally:
            took = time.monotonic() - began
            self.due = time.monotonic() + max(LOOK, 0 if self._anew(before) else PATIENCE * took)
            self.task = None

    def _anew(self, before: Offer | None) -> bool:
        """Tell whether all items were read: what changed meanwhile is looked for at once."""
        serials = [None if one is None else one.serial for one in (before, self.offer)]
        return self.offer is not None and serials[0] != serials[1]

    async def _read(self, engine: AsyncEngine) -> None:
        url = engine.url.render_as_string(hide_password=False)
        offer = self.offer
        if offer is None or len(offer.changed) > MANY:
            self.offer = await asyncio.to_thread(read_all, url, self.catalog, offer)
            return
        async with engine.connect() as own:
            since = await read_since(own, datetime.now(UTC))
            changed = {"since": offer.since.changed}
            if not (await own.execute(queries.ANY_CHANGED, changed)).scalar_one():
                self.offer = replace(offer, since=since)
                return
        self.offer = await asyncio.to_thread(read_late, url, offer)


def read_all(url: str, catalog: Catalog, known: Offer | None) -> Offer:
    """Read all items, or take what another process has read of late, and then what changed.

    Whoever knows items already may find that they were read in these minutes: then they stand.
    """
    slot = int(time.time() // SLOT)
    before = [str(slot - ago) for ago in range(1, OLD)] if known is None else []
    engine = connect(url, pool_size=1)
    try:
        with engine.connect() as connection:
            make = partial(_made, connection, catalog)
            arrays = shared(f"items-{_sign(url, catalog)}", str(slot), make, before)
    finally:
        engine.dispose()
    begun = datetime.fromtimestamp(float(arrays["weft.begun"][0]), UTC)
    if known is not None and known.begun == begun:
        return read_late(url, known)
    return _with_late(url, table_in(catalog, arrays), begun)


def read_late(url: str, offer: Offer) -> Offer:
    """Read what changed since all items were read."""
    return replace(_with_late(url, offer.base, offer.begun), serial=offer.serial)


def _with_late(url: str, base: Table, begun: datetime) -> Offer:
    engine = connect(url, pool_size=1)
    try:
        with engine.connect() as connection:
            since = _since(connection)
            arrays = read_arrays(connection, base.catalog, begun)
            changed, times = read_changed(connection, begun)
    finally:
        engine.dispose()
    return Offer(base, begun, table_in(base.catalog, arrays), changed, times, since)


def _made(connection: Connection, catalog: Catalog) -> Arrays:
    begun = _since(connection).changed
    arrays = read_arrays(connection, catalog, None)
    return {**arrays, "weft.begun": np.array([begun.timestamp()])}


def _since(connection: Connection) -> Since:
    """Read how far back the oldest transaction reaches; what is read later sees one moment."""
    row = connection.execute(queries.OLDEST).one()
    connection.rollback()
    connection.execution_options(isolation_level="REPEATABLE READ")
    return Since(row.since, row.moment - EARLIER)


def _sign(url: str, catalog: Catalog) -> str:
    """Name what is read of which database."""
    return sha256(f"{url} {catalog.model_dump_json()}".encode()).hexdigest()[:16]
