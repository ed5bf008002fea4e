"""Mining in one go: what people asked for and what titles say, beside what the labels know."""

from datetime import datetime

from sqlalchemy import Connection

from graph.suggestions import queries
from graph.suggestions.agreeing import clicks_agree
from graph.suggestions.ambiguous import ambiguous
from graph.suggestions.asked import read_asked
from graph.suggestions.company import titles_agree
from graph.suggestions.idle import idle
from graph.suggestions.misspellings import misspellings
from graph.suggestions.suggestion import Suggestion, forget, store
from graph.suggestions.synonyms import enough_clicks, synonyms, turns_agree
from nlp.annotating import Reading
from nlp.lexicon import Lexicon
from nlp.spec import Suggestions


def mine(
    connection: Connection,
    section: Suggestions,
    lexicon: Lexicon,
    reading: Reading,
    moment: datetime,
) -> dict[str, float]:
    """Find suggestions and keep them; tells how many are open, by kind."""
    words = of_words(connection, section, lexicon, reading, moment)
    store(connection, [*words, *ambiguous(connection), *idle(connection, moment)], moment)
    forget(connection, moment)
    return {row.kind: float(row.open) for row in connection.execute(queries.COUNTS)}


def of_words(
    connection: Connection,
    section: Suggestions,
    lexicon: Lexicon,
    reading: Reading,
    moment: datetime,
) -> list[Suggestion]:
    """Find misspellings and synonyms; what is misspelt is no synonym."""
    since, least = moment - section.window, section.at_least
    asked = read_asked(connection, lexicon, reading, since)
    clicks = list(clicks_agree(connection, asked, least))
    titles = list(titles_agree(connection, lexicon, reading, least))
    turns = list(turns_agree(connection, asked, since, least))
    known = _known(connection, [one.word for one in (*clicks, *titles, *turns)])
    clicks = [one for one in clicks if one.word not in known]
    labels = _labels(connection, [one.tag for one in clicks])
    slips = misspellings(clicks, labels, asked)
    known.update(slips)
    return [
        *slips.values(),
        *synonyms((enough_clicks(clicks, asked, least), titles, turns), asked, known),
    ]


def _known(connection: Connection, words: list[str]) -> set[str]:
    return set(connection.execute(queries.NAMES, {"texts": sorted({*words})}).scalars())


def _labels(connection: Connection, tags: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in connection.execute(queries.LABELS, {"tags": sorted({*tags})}):
        found.setdefault(row.tag, []).append(row.normal)
    return found
