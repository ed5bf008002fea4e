"""The vector store: the nearest under a filter, by whichever way is fast and finds everything."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from graph.graph import Floats
from graph.where import EVERYTHING, Where
from recall.planning import queries
from recall.planning.asked import Asked, Near, Per, Rows, best_of, rows_of
from recall.planning.choosing import Plan
from recall.planning.loading import codes_of, rows_in
from recall.planning.memory import memory_of
from recall.planning.places import Of, Query, Typed, places
from recall.planning.planner import Planner, told
from recall.planning.store import Store, Strategy

__all__ = ["Near", "Of", "Per", "Store", "Strategy", "Typed", "nearest", "nearest_each", "warm"]

MOST_VALUES = 50  # that quotas are given to where none are named


async def warm(connection: AsyncConnection, store: Store) -> None:
    """Read the vectors into memory, so that searches are fast from the first one on."""
    await codes_of(connection, memory_of(connection), store, wait=True)


async def nearest(
    connection: AsyncConnection,
    store: Store,
    query: Query,
    k: int,
    where: Where = EVERYTHING,
    per: Per | None = None,
    *,
    moment: datetime | None = None,
    leave_out: Sequence[int] = (),
    how: Strategy | None = None,
) -> Near:
    """Find the `k` nearest of what a filter lets through; of several searches the best counts."""
    searches = await places(connection, store, query)
    moment = moment or datetime.now(UTC)
    asked = Asked(store, searches, k, where, moment, per, tuple(leave_out))
    asked = await _with_values(connection, asked)
    rows, told = await _search(connection, asked, how)
    return best_of(rows, asked, told)


async def nearest_each(
    connection: AsyncConnection,
    store: Store,
    searches: Floats,
    k: int,
    where: Where = EVERYTHING,
    *,
    moment: datetime | None = None,
    leave_out: Sequence[int] = (),
    how: Strategy | None = None,
) -> list[Near]:
    """Find the nearest of each search, all in one statement."""
    moment = moment or datetime.now(UTC)
    asked = Asked(store, searches, k, where, moment, None, tuple(leave_out))
    rows, told = await _search(connection, asked, how)
    return [best_of(_only(rows, number), asked, told) for number in range(1, len(searches) + 1)]


async def _search(
    connection: AsyncConnection, asked: Asked, how: Strategy | None
) -> tuple[Rows, Mapping[str, Any]]:
    memory = memory_of(connection)
    total = await rows_in(connection, memory, asked.store)
    if not total or not len(asked.searches) or asked.each < 1:
        return rows_of([]), told(Plan(Strategy.EXACT, 0, 0.0, 1.0))
    planner = Planner(connection, memory, asked, total, how)
    return await planner.search()


async def _with_values(connection: AsyncConnection, asked: Asked) -> Asked:
    """Name the values that have quotas."""
    per, catalog = asked.per, asked.store.catalog
    if per is None or per.values:
        return asked
    statement = queries.common_values(catalog, per.attribute, MOST_VALUES)
    values = (await connection.execute(statement, {"moment": asked.moment})).scalars().all()
    return replace(asked, per=replace(per, values=tuple(values)))


def _only(rows: Rows, number: int) -> Rows:
    """Take the rows of one search."""
    of = rows.searches == number
    return Rows(rows.searches[of], rows.ids[of], rows.scores[of])
