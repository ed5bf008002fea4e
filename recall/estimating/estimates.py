"""How many items a filter is likely to let through, by the database's own statistics."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.where import Where, tests_in
from recall.estimating import queries
from recall.planning.memory import Memory
from recall.planning.store import Store


async def estimate(
    connection: AsyncConnection, memory: Memory, store: Store, where: Where, moment: datetime
) -> int:
    """Ask the database's planner, which knows values and how frequent they are; for a minute."""

    async def ask() -> int:
        keys = sorted({test.value for test in tests_in(where) if test.verb == "under"})
        tags = await _ids(connection, keys) if keys else {}
        return await _planned(connection, queries.counted(store.catalog, where, moment, tags))

    key = ("matching", store.catalog.lifetime, where)
    return await memory.numbers.find(key, ask)


async def _ids(connection: AsyncConnection, keys: list[str]) -> Mapping[str, int]:
    rows = await connection.execute(queries.tags_of(keys))
    return {row.key: row.id for row in rows}


async def _planned(connection: AsyncConnection, statement: Select[Any]) -> int:
    compiled = statement.compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    asked = f"EXPLAIN (FORMAT JSON) {compiled}"
    plan = (await connection.exec_driver_sql(asked, dict(compiled.params))).scalar_one()
    return int(plan[0]["Plan"]["Plan Rows"])
