"""Locks on what has ids of its own: who gives ids, or changes what they mean, is alone.

Whoever needs several takes them in this order: items, persons, tags.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import errors as postgres
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from graph.queries import PATIENCE
from weft.errors import Unavailable
from weft.queries import LOCK_TRANSACTION

LONGEST_WAIT = "10s"
LOCKS = {"item": 0x77650002, "person": 0x77650003, "tag": 0x77650001}


def lock(connection: Connection, *tables: str) -> None:
    """Be the only one, until the transaction ends."""
    for table in sorted(tables):
        connection.execute(LOCK_TRANSACTION, {"key": LOCKS[table]})


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
