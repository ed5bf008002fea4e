"""Items that the shop no longer offers: they stay in the past, and are found no more."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from graph.importing.queries import REMOVE_ITEMS, ids_of
from graph.locks import lock
from weft.marks import add_mark


@dataclass(frozen=True)
class Removed:
    """What became of keys: how many items went, were gone already, and which keys mean none."""

    removed: int
    gone: int
    unknown: tuple[str, ...] = ()


def remove_items(connection: Connection, keys: Sequence[str]) -> Removed:
    """Take items out of the offer, in the caller's transaction; again is as good as once."""
    asked = list(dict.fromkeys(keys))
    lock(connection, "item")
    known = {row.key for row in connection.execute(ids_of("item"), {"keys": asked})}
    removed = connection.execute(REMOVE_ITEMS, {"keys": asked}).rowcount
    add_mark(connection, "item", removed)
    unknown = tuple(key for key in asked if key not in known)
    return Removed(removed, len(known) - removed, unknown)
