"""What the entity model sees in titles where no label is: names that the taxonomy may lack."""

from collections.abc import Iterator

from sqlalchemy import Connection

from graph.suggestions import queries
from graph.suggestions.entities import Entity
from graph.texts.tagging import Reader

MOST = 20_000
SURE = 0.8
SHOWN = 5


def names_seen(connection: Connection, reader: Reader) -> list[Entity]:
    """Read a sample of titles and gather what only the entity model saw."""
    rows = connection.execute(queries.TITLES, {"most": MOST}).all()
    read = reader.read([row.title for row in rows], [row.hints for row in rows])
    seen: dict[tuple[str, str], list[str]] = {}
    for row, found in zip(rows, read, strict=True):
        for span in found.spans:
            if span.source == "ner" and span.confidence >= SURE:
                stretch = found.text[span.start : span.end]
                seen.setdefault((span.facet, stretch), []).append(row.key)
    return list(_entities(seen))


def _entities(seen: dict[tuple[str, str], list[str]]) -> Iterator[Entity]:
    for (facet, stretch), items in seen.items():
        if any(letter.isalpha() for letter in stretch):
            yield Entity(facet, stretch, len(items), items[:SHOWN])
