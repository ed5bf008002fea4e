"""Saying by hand which tags an item has."""

from typing import Any

from sqlalchemy import Connection

from graph.locks import lock, soon
from graph.taxonomy import queries
from graph.taxonomy.beliefs import USUAL, Precedence, refresh_items
from graph.taxonomy.edits import Author
from graph.taxonomy.history import Entry, remember
from graph.taxonomy.placing import check_in_use
from graph.taxonomy.tags import follow
from graph.taxonomy.words import check_key, check_reason
from weft.errors import NotFound
from weft.marks import add_mark
from weft.notices import post


def assign(
    connection: Connection, item: str, key: str, author: Author, precedence: Precedence = USUAL
) -> int:
    """Say that an item has a tag; gives the number of the change."""
    return _say(connection, item, key, author, precedence, denied=False)


def unassign(
    connection: Connection, item: str, key: str, author: Author, precedence: Precedence = USUAL
) -> int:
    """Say that an item has a tag not, whatever others say; gives the number of the change."""
    return _say(connection, item, key, author, precedence, denied=True)


def _say(
    connection: Connection,
    item: str,
    key: str,
    author: Author,
    precedence: Precedence,
    denied: bool,
) -> int:
    check_reason(author.reason)
    check_key(item)
    check_key(key)
    with soon(connection):
        lock(connection, "item", "tag")
    tag = follow(connection, key)
    check_in_use(tag)
    pair = {"item": _item(connection, item), "tag": tag.id}
    before = _said(connection, pair)
    connection.execute(queries.SAY, {**pair, "denied": denied})
    entry = Entry(
        "unassign" if denied else "assign",
        tag.id,
        tag.revision,
        before,
        _said(connection, pair),
        item=pair["item"],
    )
    number = remember(connection, entry, author)
    refresh_items(connection, [pair["item"]], precedence)
    add_mark(connection, "item", 1)
    add_mark(connection, "judgement", 1)
    post(connection, "taxonomy", number)
    return number


def _item(connection: Connection, key: str) -> int:
    found = connection.execute(queries.ITEM, {"key": key}).scalar()
    if found is None:
        raise NotFound(f"no item '{key}'")
    return int(found)


def _said(connection: Connection, pair: dict[str, int]) -> dict[str, Any]:
    """Give what each source says of the tag and the item."""
    rows = connection.execute(queries.SAID, pair)
    return {row.source: {"denied": row.denied, "confidence": row.confidence} for row in rows}
