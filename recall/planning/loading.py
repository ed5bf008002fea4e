"""Filling memory: vectors by binary COPY, rounded in another thread."""

import asyncio
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from recall.planning import queries
from recall.planning.codes import Codes, make_codes
from recall.planning.memory import MIB, Memory
from recall.planning.store import Store

HEAD, TAIL = 19, 2  # bytes of PostgreSQL's own that stand before and after the rows
LARGEST = 512 * MIB  # of one store


async def rows_in(connection: AsyncConnection, memory: Memory, store: Store) -> int:
    """Tell about how many vectors a store has; there may be no such store."""

    async def ask() -> int:
        rows = (await connection.execute(queries.rows_in(store))).scalar()
        return 0 if rows is None else max(1, int(rows))

    return await memory.numbers.find(("rows", store.artifact, store.kind), ask)


async def codes_of(connection: AsyncConnection, memory: Memory, store: Store) -> Codes | None:
    """Give the vectors in memory, unless they are too many."""
    key = store.artifact, store.kind
    found = memory.codes.get(key)
    if found is not None:
        return found
    if await rows_in(connection, memory, store) * (store.dim + 13) > LARGEST:
        return None

    async def load() -> Codes:
        ids, vectors = _read(await _copied(connection, store), store.dim)
        return await asyncio.to_thread(make_codes, ids, vectors)

    return await memory.codes.find(key, load, lambda codes: codes.size)


async def _copied(connection: AsyncConnection, store: Store) -> bytes:
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    async with driver.cursor() as cursor, cursor.copy(queries.copy_out(store)) as copy:
        return b"".join([bytes(block) async for block in copy])


def _read(content: bytes, dim: int) -> tuple[NDArray[np.int32], NDArray[np.float16]]:
    """Take rows of COPY apart; all have one width."""
    fields: list[Any] = [("columns", ">i2"), ("bytes_id", ">i4"), ("id", ">i4")]
    fields += [("bytes_e", ">i4"), ("dim", ">i2"), ("unused", ">i2"), ("e", ">f2", (dim,))]
    layout = np.dtype(fields)
    count = (len(content) - HEAD - TAIL) // layout.itemsize
    rows = np.frombuffer(content, layout, count, HEAD)
    return rows["id"].astype(np.int32), rows["e"].astype(np.float16)
