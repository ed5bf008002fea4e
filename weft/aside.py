"""A database aside: on the same server, for the length of a block, and then dropped."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import ProgrammingError

from weft import queries
from weft.database import connect, prepare
from weft.errors import DatabaseError, ExtensionMissing

RANDOM = 4  # bytes at the end of a name


@contextmanager
def database_aside(engine: Engine) -> Iterator[Engine]:
    """Make an empty, migrated database beside one; drop it, however the block ends."""
    name = prefix_of(engine) + secrets.token_hex(RANDOM)
    aside = connect(engine.url.set(database=name).render_as_string(hide_password=False))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            with _begun(connection, aside, name):
                _prepare(aside)
                yield aside
        finally:
            aside.dispose()
            connection.execute(queries.drop_database(name))


def drop_stale(connection: Connection) -> list[str]:
    """Drop the databases aside that killed runs left: nobody is connected to them."""
    names = {"prefix": prefix_of(connection.engine), "more": 2 * RANDOM}
    stale = list(connection.execute(queries.ASIDE, names).scalars())
    for name in stale:
        connection.execute(queries.drop_database(name))
    return stale


def prefix_of(engine: Engine) -> str:
    """Begin the names of all databases aside of one."""
    return f"{(engine.url.database or '')[:40]}_aside_"


@contextmanager
def _begun(connection: Connection, aside: Engine, name: str) -> Iterator[None]:
    """Stay connected, so that nobody takes it for stale."""
    key = {"key": queries.ASIDE_LOCK}
    connection.execute(queries.LOCK, key)
    try:
        drop_stale(connection)
        _make(connection, name)
        keeper = aside.connect()
    finally:
        connection.execute(queries.UNLOCK, key)
    with keeper:
        yield


def _make(connection: Connection, name: str) -> None:
    try:
        connection.execute(queries.make_database(name))
    except ProgrammingError as error:
        user = connection.engine.url.username
        raise DatabaseError(
            f"a database aside is needed, and {user} may not make one: {error.orig}; "
            f"a superuser has to run ALTER ROLE {user} CREATEDB once"
        ) from None


def _prepare(aside: Engine) -> None:
    try:
        prepare(aside)
    except ExtensionMissing:
        raise ExtensionMissing(
            f"a database aside is needed, and {aside.url.username} may not create the extension "
            "`vector` in it; a superuser has to run CREATE EXTENSION vector in template1 once"
        ) from None
