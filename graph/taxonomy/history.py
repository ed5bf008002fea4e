"""The history of the taxonomy: who changed what, when and why, and how it was before."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from graph.taxonomy import queries
from graph.taxonomy.edits import Author
from weft.notices import post

IMPORT = "import"


@dataclass(frozen=True)
class Entry:
    """What is to be remembered of one change."""

    verb: str
    tag: int
    revision: int
    before: dict[str, Any] | None
    after: dict[str, Any]
    other: int | None = None
    item: int | None = None


@dataclass(frozen=True)
class Remembered:
    """One change, as the history tells it."""

    id: int
    at: datetime
    author: str
    reason: str
    verb: str
    tag: str
    other: str | None
    item: str | None
    revision: int
    before: dict[str, Any] | None
    after: dict[str, Any]


def remember(connection: Connection, entry: Entry, author: Author) -> int:
    """Write a change down; gives its number."""
    values = {**asdict(entry), "author": author.name, "reason": author.reason}
    return int(connection.execute(queries.ADD_CHANGE, values).scalar_one())


def keep_before(connection: Connection, tags: Collection[int]) -> None:
    """Keep aside how tags are before an import changes some of them."""
    connection.execute(queries.MAKE_INCOMING_BEFORE)
    connection.execute(queries.CLEAR_INCOMING_BEFORE)
    if tags:
        connection.execute(queries.KEEP_BEFORE, {"tags": list(tags)})


def remember_imported(connection: Connection, tags: Collection[int], reason: str) -> None:
    """Write down, all at once, that an import made or changed tags."""
    if tags:
        values = {"tags": list(tags), "reason": reason, "author": IMPORT, "verb": IMPORT}
        post(connection, "taxonomy", connection.execute(queries.ADD_IMPORTED, values).scalar_one())


def read_history(
    connection: Connection, key: str | None = None, before: int | None = None, top: int = 100
) -> tuple[Remembered, ...]:
    """Read changes, the newest first: all, or those that a tag had a part in."""
    values = {"key": key, "before_id": before, "count": top}
    rows = connection.execute(queries.CHANGES, values).mappings()
    return tuple(Remembered(**row) for row in rows)


def count_history(connection: Connection, key: str | None = None) -> int:
    """Count changes: all, or those that a tag had a part in."""
    return int(connection.execute(queries.COUNT_CHANGES, {"key": key}).scalar_one())


def read_change(connection: Connection, number: int) -> Remembered:
    """Read one change."""
    (found,) = read_history(connection, before=number + 1, top=1)
    return found
