"""Which titles have to be read again: new ones, changed ones, and those a label can touch."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from graph.texts import queries
from nlp.grams import label_grams

MANY = 2_000  # more labels than this: reading everything is quicker


def unread(connection: Connection) -> list[int]:
    """Find items whose title was never read as it is now."""
    return list(connection.execute(queries.UNREAD).scalars())


def touched(connection: Connection, since: int, until: int) -> list[int] | None:
    """Find items that the changes after `since` can touch; `None`: read all."""
    span = {"since": since, "until": until}
    rows = connection.execute(queries.LABELS_CHANGED, span).all()
    labels = {text for row in rows for text in _texts(row.before) | _texts(row.after)}
    if len(labels) > MANY:
        return None
    tags = sorted({row.tag for row in rows})
    found = set(connection.execute(queries.WITH_TAGS, {"tags": tags}).scalars()) if tags else set()
    for grams in label_grams(sorted(labels)):
        if len(grams):
            found.update(
                connection.execute(queries.WITH_PIECES, {"grams": grams.tolist()}).scalars()
            )
    return sorted(found)


def _texts(labels: Iterable[dict[str, Any]] | None) -> set[str]:
    return {label["text"] for label in labels or ()}
