"""Statements of every search, spared what SQLAlchemy does at each execution: a tenth of a ms."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from weft.statements import is_lasting


async def rows_quickly(
    connection: AsyncConnection, statement: Executable, values: Mapping[str, Any]
) -> Sequence[Any]:
    """Execute a statement that stays the same; in a transaction SQLAlchemy has to know of it."""
    begun = connection.sync_connection
    driver = begun.connection.driver_connection if begun is not None else None
    if driver is None or not driver.autocommit:
        return (await connection.execute(statement, values)).all()
    sql, given, prepared = _written(statement, connection.dialect)
    cursor, asked = driver.cursor(), {**given, **values}
    try:
        await cursor.execute(sql, asked, prepare=prepared)
        rows: Sequence[Any] = await cursor.fetchall()
    except psycopg.Error as error:  # as SQLAlchemy would raise it: whoever is late or gone is known
        raise DBAPIError.instance(sql, asked, error, psycopg.Error) from error
    return rows


@lru_cache(maxsize=2000)
def _written(statement: Any, dialect: Dialect) -> tuple[str, Mapping[str, Any], bool]:
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return str(compiled), compiled.params, is_lasting(statement.get_execution_options())
