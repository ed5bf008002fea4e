"""Statements that pass SQLAlchemy by fail as they would with it."""

import asyncio

import psycopg.errors
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from recall.quickly import rows_quickly
from weft.database import connect_reading


async def rows(url: str, statement: str, **values: object) -> list[tuple[object, ...]]:
    database = connect_reading(url, limit=1)
    try:
        async with database.connect() as connection:
            return [tuple(r) for r in await rows_quickly(connection, text(statement), values)]
    finally:
        await database.dispose()


def asked(engine: Engine, statement: str, **values: object) -> list[tuple[object, ...]]:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return asyncio.run(rows(url, statement, **values))


def test_rows_are_those_of_the_statement(engine: Engine) -> None:
    assert asked(engine, "SELECT n, :word FROM generate_series(1, 2) AS n", word="a") == [
        (1, "a"),
        (2, "a"),
    ]


def test_what_takes_too_long_is_an_operational_error(engine: Engine) -> None:
    with pytest.raises(OperationalError) as raised:
        asked(engine, "SELECT pg_sleep(:seconds)", seconds=5)
    assert isinstance(raised.value.orig, psycopg.errors.QueryCanceled)


@pytest.mark.parametrize(("wrong", "kind"), [("SELECT nothing", ProgrammingError),
                                              ("SELECT 1 / 0", DBAPIError)])  # fmt: skip
def test_what_is_wrong_is_an_error_of_sqlalchemy(
    engine: Engine, wrong: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        asked(engine, wrong)
