"""Filling memory: vectors by binary COPY, rounded in another thread."""

import asyncio
from functools import partial
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from recall.planning import queries
from recall.planning.codes import Codes, codes_in, make_codes
from recall.planning.deciding.queries import MOST_NEW
from recall.planning.memory import MIB, Memory
from recall.planning.store import Store
from weft.database import connect
from weft.logs import log
from weft.shared import Arrays, shared

HEAD, TAIL = 19, 2  # bytes of PostgreSQL's own that stand before and after the rows
FEW = 10_000  # vectors that are read at once
LARGEST = 512 * MIB  # of one store


async def rows_in(connection: AsyncConnection, memory: Memory, store: Store) -> int:
    """Tell about how many vectors a store has; there may be no such store."""

    async def ask() -> int:
        rows = (await connection.execute(queries.rows_in(store))).scalar()
        return 0 if rows is None else max(1, int(rows))

    return await memory.numbers.find(("rows", store.artifact, store.kind), ask)


async def codes_of(
    connection: AsyncConnection, memory: Memory, store: Store, wait: bool = False
) -> Codes | None:
    """Give the vectors in memory; nothing where they are too many, or until they are read.

    They are read in a thread, and no search waits for it: few of them, which take no time, apart.
    """
    key = store.artifact, store.kind
    found = memory.codes.get(key)
    if found is not None:
        return found
    rows = await rows_in(connection, memory, store)
    if not rows or rows * (3 * store.dim + 17) > LARGEST:
        return None
    if key not in memory.filling:
        url = connection.engine.url.render_as_string(hide_password=False)
        memory.filling[key] = asyncio.create_task(_filled(memory, store, url))
    filling = memory.filling[key]
    return await asyncio.shield(filling) if wait or rows <= FEW else None


async def _filled(memory: Memory, store: Store, url: str) -> Codes | None:
    """Fill memory; a failure is told and outlived, for the database can search alone."""
    key = store.artifact, store.kind
    try:
        codes = await asyncio.to_thread(_load, url, store)
        memory.codes.keep(key, codes, codes.size)
        return codes
    except (SQLAlchemyError, psycopg.Error) as error:
        log("recall").warning("vectors are not read into memory", artifact=key[0], exc_info=error)
        return None
    finally:
        del memory.filling[key]


def _load(url: str, store: Store) -> Codes:
    """Read vectors by a connection of their own, and load what searches them."""
    engine = connect(url, pool_size=1)
    try:
        with engine.connect() as connection:
            newest = connection.execute(queries.newest_in(store)).scalar_one()
            codes = codes_in(shared(*_shelf(store, newest), partial(_made, connection, store)))
    finally:
        engine.dispose()
    search = np.zeros(store.dim, np.float32)
    codes.among(search, np.zeros(0, np.int32), 1)
    codes.near(search, codes.every, codes.nobody, 1, 1.0, 1)
    return codes


def _made(connection: Connection, store: Store) -> Arrays:
    return make_codes(*_read(_copied(connection, store), store.dim)).arrays()


def _shelf(store: Store, newest: int) -> tuple[str, str]:
    """Name what may be shared: with many newcomers it is made anew."""
    return f"codes-{store.artifact}-{store.kind}", f"{newest // MOST_NEW}"


def _copied(connection: Connection, store: Store) -> bytes:
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(queries.copy_out(store)) as copy:
        return b"".join(map(bytes, copy))


def _read(content: bytes, dim: int) -> tuple[NDArray[np.int32], NDArray[np.float16]]:
    """Take rows of COPY apart; all have one width."""
    fields: list[Any] = [("columns", ">i2"), ("bytes_id", ">i4"), ("id", ">i4")]
    fields += [("bytes_e", ">i4"), ("dim", ">i2"), ("unused", ">i2"), ("e", ">f2", (dim,))]
    layout = np.dtype(fields)
    count = (len(content) - HEAD - TAIL) // layout.itemsize
    rows = np.frombuffer(content, layout, count, HEAD)
    return rows["id"].astype(np.int32), rows["e"].astype(np.float16)
