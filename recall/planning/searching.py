"""Searching by the database alone: it measures what matches, or walks an index."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from recall.planning import queries
from recall.planning.asked import Asked, Rows, rows_of
from recall.planning.choosing import Plan
from recall.planning.store import Strategy


async def by_database(connection: AsyncConnection, asked: Asked, plan: Plan) -> Rows:
    """Let the database search: it measures what matches, or walks the index."""
    store, where, per = asked.store, asked.where, asked.attribute
    if plan.table is not None:
        statement = queries.indexed_by_value(store, where, plan.table)
    elif plan.strategy is Strategy.EXACT:
        statement = queries.measured(store, where, per)
    else:
        statement = queries.indexed(store, where, per)
    values = {**asked.values(), "k": asked.each, **_settings(plan)}
    if asked.per is not None:
        values["values"] = list(asked.per.values)
    async with _for_itself(connection):
        return rows_of((await connection.execute(statement, values)).all())


def _settings(plan: Plan) -> Mapping[str, str]:
    return {"ef": str(plan.ef or 100), "going_on": "relaxed_order", "most": "200000", "memory": "8"}


@asynccontextmanager
async def _for_itself(connection: AsyncConnection) -> AsyncIterator[None]:
    """Let parameters end with the statement: its own transaction, or what is taken back of one."""
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is not None and driver.autocommit:
        yield
        return
    point = await connection.begin_nested()
    try:
        yield
    finally:
        if point.is_active:
            await point.rollback()
