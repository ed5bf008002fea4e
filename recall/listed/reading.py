"""Reading lists into memory, and out of it what may be found."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.graph import Numbers
from recall import queries
from recall.listed.listing import Context, Listing, bests
from recall.narrow import Narrow
from recall.offers.queries import MOST_NEW
from recall.planning.memory import memory_of
from recall.quickly import rows_quickly


async def best_of_lists(
    connection: AsyncConnection,
    artifact: int,
    contexts: Sequence[Context],
    narrow: Narrow,
    top: int,
) -> list[Listing]:
    """Give the first ones of each list that may be found."""
    whole = [await _whole(connection, artifact, context, narrow) for context in contexts]
    return bests(whole, narrow.lets, top)


async def _whole(
    connection: AsyncConnection, artifact: int, context: Context, narrow: Narrow
) -> Listing:
    """Give a list as it is now, but for what is unsure and may not be found."""
    found = await _current(connection, artifact, context, narrow)
    if len(narrow.unsure):
        found = found.without(narrow.unsure)
    if len(narrow.passing):
        more = await _read(connection, artifact, context, narrow, narrow.passing)
        found = found.joined(more)
    return found


async def _current(
    connection: AsyncConnection, artifact: int, context: Context, narrow: Narrow
) -> Listing:
    """Give a list that lacks nothing but what is unsure; it is read once."""
    lists, key = memory_of(connection).lists, (artifact, context)

    async def read() -> Listing:
        return await _read(connection, artifact, context, narrow)

    found = await lists.find(key, read, lambda one: one.size)
    current = await _renewed(connection, artifact, context, narrow, found)
    if current is not found:
        lists.keep(key, current, current.size)
    return current


async def _renewed(
    connection: AsyncConnection, artifact: int, context: Context, narrow: Narrow, found: Listing
) -> Listing:
    """Read of a list what has changed since it was read."""
    since = narrow.offer.since.changed
    if found.taken >= narrow.listed and found.since >= since:
        return found
    changed = narrow.offer.changed_since(found.since)
    if found.taken < narrow.listed or len(changed) > MOST_NEW or found.since < narrow.offer.begun:
        return await _read(connection, artifact, context, narrow)
    if not len(changed):
        return replace(found, since=since)
    more = await _read(connection, artifact, context, narrow, changed)
    return replace(found.without(changed).joined(more), since=since)


async def _read(
    connection: AsyncConnection,
    artifact: int,
    context: Context,
    narrow: Narrow,
    items: Numbers | None = None,
) -> Listing:
    """Read a list, or what it has of some items."""
    values = {"context": list(context)} | ({} if items is None else {"items": items.tolist()})
    statement = queries.whole_list(artifact, items is not None)
    ((ids, ranks, scores),) = await rows_quickly(connection, statement, values)
    return Listing(
        np.frombuffer(ids or b"", ">i4").astype(np.int32),
        np.frombuffer(ranks or b"", ">i4").astype(np.int32),
        np.frombuffer(scores or b"", ">f8").astype(np.float64),
        narrow.offer.since.changed,
        narrow.listed,
    )
