"""Locks on what has ids of its own: who gives ids, or changes what they mean, is alone.

Whoever needs several takes them in this order: events, items, persons, tags,
values, words.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import errors as postgres
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from graph.queries import PATIENCE
from weft.errors import Unavailable
from weft.queries import LOCK_TRANSACTION, SHARE_TRANSACTION

LONGEST_WAIT = "10s"
LOCKS = {
    "event": 0x77650004,
    "item": 0x77650002,
    "person": 0x77650003,
    "tag": 0x77650001,
    "value": 0x77650005,
    "word": 0x77650006,
}


def lock(connection: Connection, *tables: str) -> None:
    """Be the only one, until the transaction ends."""
    for table in sorted(tables):
        connection.execute(LOCK_TRANSACTION, {"key": LOCKS[table]})


def share_events(connection: Connection) -> None:
    """Add events beside others who do, unless somebody wants to be the only one."""
    connection.execute(SHARE_TRANSACTION, {"key": LOCKS["event"]})


@contextmanager
def soon(connection: Connection) -> Iterator[None]:
    """Give up where a lock does not come soon."""
    connection.execute(PATIENCE, {"limit": LONGEST_WAIT})
    try:
        yield
    except OperationalError as error:
        if isinstance(error.orig, postgres.LockNotAvailable | postgres.DeadlockDetected):
            raise Unavailable("an import is under way; try again in a moment") from None
        raise
