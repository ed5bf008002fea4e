"""A query in parts, with the keywords that the live release knows."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from graph.texts import queries
from graph.texts.tagging import Reader
from nlp.asking import Asked, taken_apart
from nlp.inflection import counted
from nlp.keywords import candidates


class Keyword(NamedTuple):
    """A keyword of the live release."""

    id: int
    text: str
    titles: int
    queries: int


class Query(NamedTuple):
    """What is asked for; each word with the keyword that it is a form of, if it is one."""

    asked: Asked
    words: tuple[tuple[str, Keyword | None], ...]


def read_query(connection: Connection, reader: Reader, text: str) -> Query:
    """Read a query as titles are read, and look up its words and phrases."""
    asked = taken_apart(text, lambda rest: reader.read([rest], [()])[0])
    phrases = sorted(candidates(asked.read, reader.reading.stop_words) - {*asked.keywords})
    known = known_keywords(connection, [*asked.keywords, *phrases])
    told = {known[word].id for word in asked.keywords if word in known}
    whole = [phrase for phrase in phrases if phrase in known and known[phrase].id not in told]
    return Query(asked, tuple((word, known.get(word)) for word in (*asked.keywords, *whole)))


def known_keywords(connection: Connection, words: Iterable[str]) -> dict[str, Keyword]:
    """Give the keyword of each word that is one, in its own form before the others."""
    forms = {word: forms_of(word) for word in words}
    asked = sorted({form for several in forms.values() for form in several})
    rows = connection.execute(queries.KNOWN_KEYWORDS, {"forms": asked}) if asked else ()
    known = {row.normal: Keyword(row.id, row.text, row.titles, row.queries) for row in rows}
    return {
        word: next(known[form] for form in several if form in known)
        for word, several in forms.items()
        if not known.keys().isdisjoint(several)
    }


def forms_of(word: str) -> tuple[str, ...]:
    """Forms that are merged into one keyword: with hyphens or without, singular or plural."""
    plain = word.replace("-", " ")
    return tuple(dict.fromkeys((plain, *counted(plain))))
