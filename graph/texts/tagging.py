"""Reading titles and storing what was read, in the caller's transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection

from graph.copying import copy_frame
from graph.taxonomy.beliefs import Precedence, refresh_items
from graph.texts import queries
from graph.texts.entities import opinions
from nlp.annotating import Reading, annotate
from nlp.annotation import Annotation, Span
from nlp.grams import text_grams
from nlp.lexicon import Lexicon
from nlp.ner.model import NerModel
from nlp.spec import Text

AT_ONCE = 20_000
TAGS = {
    "item": pl.Int32,
    "tag": pl.Int32,
    "confidence": pl.Float64,
    "span_start": pl.Int32,
    "span_end": pl.Int32,
}


@dataclass(frozen=True)
class Reader:
    """Everything that reading takes: words, experience and rules."""

    text: Text
    lexicon: Lexicon
    reading: Reading
    ner: NerModel | None = None

    def read(self, titles: Sequence[str], hints: Sequence[Sequence[int]]) -> list[Annotation]:
        """Annotate titles, each with the tags that the catalogue gives."""
        seen = opinions(self.ner, titles) if self.ner else None
        return annotate(titles, self.lexicon, self.reading, hints, seen)

    def counts(self, span: Span) -> bool:
        """Tell whether a mention is of a tag that the spec asks for."""
        return span.tag is not None and (not self.text.facets or span.facet in self.text.facets)


def read_items(
    connection: Connection,
    reader: Reader,
    items: Sequence[int],
    progress: Callable[[float], None] = lambda _: None,
) -> int:
    """Read the titles of items anew; tells how many items have other tags now."""
    changed = 0
    for begin in range(0, len(items), AT_ONCE):
        changed += _read_some(connection, reader, items[begin : begin + AT_ONCE])
        progress(min(1.0, (begin + AT_ONCE) / len(items)))
    if len(items) >= AT_ONCE:
        connection.execute(queries.ANALYZE)
    return changed


def _read_some(connection: Connection, reader: Reader, items: Sequence[int]) -> int:
    rows = connection.execute(queries.TITLES, {"items": list(items)}).all()
    titles = [row.title for row in rows]
    found = reader.read(titles, [row.hints for row in rows])
    numbers = [row.id for row in rows]
    connection.execute(queries.MAKE_READ)
    copy_frame(connection, "read_tag", _tag_frame(reader, numbers, found))
    copy_frame(connection, "read_text", _text_frame(numbers, [row.hash for row in rows], titles))
    model = {"model": reader.lexicon.version}
    other = {*connection.execute(queries.DROP_UNSAID).scalars()}
    other.update(connection.execute(queries.ADD_SAID, model).scalars())
    connection.execute(queries.SET_TEXTS, model)
    refresh_items(connection, sorted(other), Precedence(tuple(reader.text.precedence)))
    return len(other)


def _tag_frame(reader: Reader, items: Sequence[int], found: Iterable[Annotation]) -> pl.DataFrame:
    """One row for each tag of an item: the mention that is surest, the first of equals."""
    rows: dict[tuple[int, int], tuple[Any, ...]] = {}
    for item, read in zip(items, found, strict=True):
        for span in read.spans:
            if reader.counts(span):
                key = (item, int(span.tag or 0))
                if key not in rows or rows[key][0] < span.confidence:
                    rows[key] = (span.confidence, span.start, span.end)
    whole = [(*key, *row) for key, row in rows.items()]
    return pl.DataFrame(whole, schema=TAGS, orient="row")


def _text_frame(items: Sequence[int], hashes: Sequence[int], titles: Sequence[str]) -> pl.DataFrame:
    grams = ["{" + ",".join(map(str, found.tolist())) + "}" for found in text_grams(titles)]
    return pl.DataFrame({"item": items, "title_hash": hashes, "grams": grams})
