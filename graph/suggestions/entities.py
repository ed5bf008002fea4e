"""Entities that the entity model found and no label knows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from graph.suggestions import queries
from graph.suggestions.suggestion import Suggestion, evidence, store
from nlp.normal import normal

HALF = 5  # so often seen, a stretch scores a half


class Entity(NamedTuple):
    """A stretch of titles, the facet that it seems to be of, and where it was seen."""

    facet: str
    text: str
    times: int
    items: Sequence[str]


def store_entities(
    connection: Connection, found: Iterable[Entity], moment: datetime, at_least: int = 3
) -> int:
    """Keep entities without a label as suggestions; tells how many."""
    seen = _together(found)
    names = connection.execute(queries.NAMES, {"texts": [text for text, _ in seen]}).scalars()
    known = {*names}
    new = [
        _suggestion(text, one)
        for (text, _), one in seen.items()
        if text and text not in known and one.times >= at_least
    ]
    best = {one.text: one for one in sorted(new, key=lambda one: one.score)}
    store(connection, list(best.values()), moment)
    return len(best)


def _together(found: Iterable[Entity]) -> dict[tuple[str, str], Entity]:
    """The same text in several spellings is one."""
    seen: dict[tuple[str, str], Entity] = {}
    for one in found:
        key = (normal(one.text), one.facet)
        if key in seen:
            items = list(dict.fromkeys((*seen[key].items, *one.items)))
            one = Entity(one.facet, seen[key].text, seen[key].times + one.times, items)
        seen[key] = one
    return seen


def _suggestion(text: str, one: Entity) -> Suggestion:
    why = evidence({"times": one.times}, one.items, facet=one.facet, spelling=one.text)
    return Suggestion("entity", text, one.times / (one.times + HALF), why)
