"""Keywords of the titles of some items, by the words that an artifact knows already."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from graph.texts import queries
from graph.texts.asked import forms_of
from graph.texts.keywords import cut_to_pieces
from graph.texts.tagging import Reader
from nlp.keywords import candidates
from nlp.newwords import spotter, stretches


class Held(NamedTuple):
    """One keyword of one item, and how telling it is."""

    item: int
    keyword: int
    weight: float


def hold_keywords(
    connection: Connection, artifact: int, reader: Reader, items: Sequence[int]
) -> int:
    """Look up the words of titles anew; tells how many were found. New words wait for a build."""
    numbers = list(items)
    rows = connection.execute(queries.TITLES, {"items": numbers}).all()
    read = reader.read([row.title for row in rows], [row.hints for row in rows])
    words = [candidates(one, reader.reading.stop_words) for one in read]
    texts = [one.text for one in read]
    for several, mined in zip(words, _mined(connection, artifact, reader, texts), strict=True):
        several |= mined
    known = _known(connection, artifact, words)
    held = [
        one
        for row, several in zip(rows, words, strict=True)
        for one in sorted({Held(row.id, *known[word]) for word in several if word in known})
    ]
    connection.execute(queries.forget_held(artifact), {"items": numbers})
    if held:
        columns = map(list, zip(*held, strict=True))
        names = ("items", "keywords", "weights")
        connection.execute(queries.hold(artifact), dict(zip(names, columns, strict=True)))
    return len(held)


def _mined(
    connection: Connection, artifact: int, reader: Reader, texts: Sequence[str]
) -> list[set[str]]:
    """Find keywords that segmenting would cut to pieces, wherever they stand in each text."""
    parts = sorted({gram for text in texts for gram in stretches(text)})
    known = _known(connection, artifact, [parts])
    spot = spotter(cut_to_pieces(reader.read(list(known), [()] * len(known))))
    return [spot(text) for text in texts]


def _known(
    connection: Connection, artifact: int, words: Sequence[Collection[str]]
) -> dict[str, tuple[int, float]]:
    """Give number and weight of each word that is known, in its own form before the others."""
    forms = {word: forms_of(word) for several in words for word in several}
    asked = sorted({form for several in forms.values() for form in several})
    rows = connection.execute(queries.known_words(artifact), {"forms": asked}) if asked else ()
    known = {row.normal: (row.id, row.weight) for row in rows}
    return {
        word: next(known[form] for form in several if form in known)
        for word, several in forms.items()
        if not known.keys().isdisjoint(several)
    }
