"""Synonyms: words that titles, clicks or searchers use in the place of a tag's label."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from math import prod

from sqlalchemy import Connection

from graph.suggestions import queries
from graph.suggestions.agreeing import Agreement, sureness
from graph.suggestions.asked import Asked
from graph.suggestions.suggestion import Suggestion, evidence

LEAST = 0.6  # sureness below this is no suggestion


def turns_agree(
    connection: Connection, asked: Asked, since: datetime, at_least: int
) -> Iterator[Agreement]:
    """Words that several people searched right before or after a tag's label."""
    for row in connection.execute(queries.TURNS, {"since": since}):
        enough = row.persons >= at_least and 2 * row.persons >= row.among
        if enough and asked.may_name(row.word, row.facet):
            numbers = {
                "reformulated": row.persons,
                "reformulated_among": row.among,
                "reformulated_usual": row.usual,
            }
            score = sureness(float(row.persons), float(row.among), float(row.usual))
            yield Agreement(row.word, row.tag, score, numbers)


def enough_clicks(found: Iterable[Agreement], asked: Asked, at_least: int) -> Iterator[Agreement]:
    """Agreements with clicks enough to speak without being spelt alike."""
    for one in found:
        clicks = max(one.numbers["agreeing"], one.numbers["shared"])
        if clicks >= at_least and one.numbers["items"] > 1 and asked.may_name(one.word, one.facet):
            yield one


def synonyms(
    ways: Iterable[Iterable[Agreement]], asked: Asked, known: Collection[str]
) -> list[Suggestion]:
    """For each word, the tag that all ways together are surest of."""
    pairs: dict[tuple[str, int], list[Agreement]] = {}
    for one in chain.from_iterable(ways):
        if one.word not in known:
            pairs.setdefault((one.word, one.tag), []).append(one)
    best: dict[str, Suggestion] = {}
    for (word, tag), said in pairs.items():
        found = _suggestion(word, tag, said, asked)
        if found.score >= LEAST and (word not in best or found.score > best[word].score):
            best[word] = found
    return list(best.values())


def _suggestion(word: str, tag: int, said: Sequence[Agreement], asked: Asked) -> Suggestion:
    """Several ways make it surer: the chance that not all of them err."""
    score = 1 - prod(1 - one.score for one in said)
    numbers = {name: value for one in said for name, value in one.numbers.items()}
    numbers["searches"] = asked.counts.get(word, 0)
    items = dict.fromkeys(item for one in said for item in one.items)
    why = evidence(numbers, items, asked.examples.get(word, ()))
    return Suggestion("synonym", word, score, why, tag)
