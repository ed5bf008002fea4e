"""What is read for requests: everything that their features follow from, and nothing later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ranking.examples import Longs
from ranking.features.asked import Asked
from ranking.features.deeds import Steps, read_steps
from ranking.features.described import Described, describe
from ranking.features.known import Known
from ranking.features.moments import Clock
from ranking.features.remembering import remembered
from ranking.features.said import as_said
from ranking.features.sides import Given, Place, place_of
from ranking.features.sources import ITEM, PERSON, split
from ranking.features.spec import Age, AnyFeature, Number, Past, Statistic, Word
from ranking.features.tallies import Tally, read_tally
from ranking.features.wanted import (
    Tallying,
    TallyKey,
    clock_of,
    tallyings,
    wanted,
)


@dataclass(frozen=True)
class Subjects:
    """Items at the moments between which nothing about them changes."""

    rows: Longs  # (subjects,) of what is described
    moments: Longs  # (subjects,) one of the moments that share it
    item: Longs  # (pairs,) the subject of each pair


@dataclass(frozen=True)
class Facts:
    """All that was read, and where in it each request and each pair stands."""

    asked: Asked
    zone: str
    persons: Described
    person_rows: Longs  # (asks,)
    items: Described
    subjects: Subjects
    steps: Mapping[str, Steps]
    tallies: Mapping[TallyKey, Tally]

    def rows(self, place: Place) -> Longs:
        """Give the rows of what is described that subjects of a place stand at."""
        return self.subjects.rows if place == "items" else self.person_rows

    def moments(self, place: Place) -> Longs:
        """Give the moment of each subject of a place."""
        if place == "items":
            return self.subjects.moments
        return self.asked.moments if place == "asks" else self.asked.moments[self.asked.ask]

    def moved(self, values: NDArray[Any], place: Place, to: Place) -> NDArray[Any]:
        """Give what asks or items have to each pair of them, if that is wanted."""
        if place == to:
            return values
        return values[self.asked.ask if place == "asks" else self.subjects.item]


@dataclass(frozen=True)
class Askers:
    """What was read of who asks; it serves all models that read no more than these features."""

    persons: Described
    steps: Mapping[str, Steps]
    tallies: Mapping[TallyKey, Tally]


def read_askers(connection: Connection, features: Given, asked: Asked) -> Askers:
    """Read who asks, whatever it is for."""
    pasts = {name: f for name, f in features.items() if isinstance(f, Past)}
    own = {key: one for key, one in tallyings(features).items() if one.own}
    return Askers(
        _persons(connection, features, asked),
        {name: read_steps(connection, past, asked) for name, past in pasts.items()},
        {key: _own_tally(connection, one, asked) for key, one in own.items()},
    )


def _own_tally(connection: Connection, tallying: Tallying, asked: Asked) -> Tally:
    what, persons = ("tally", repr(tallying)), asked.persons
    held: Tally = remembered(
        connection, persons, what, lambda: _tally(connection, tallying, asked, None)
    )
    return _tally(connection, tallying, asked, held)


def read_facts(
    connection: Connection,
    features: Given,
    zone: str,
    asked: Asked,
    known: Known | None = None,
    askers: Askers | None = None,
) -> Facts:
    """Read what is not known."""
    who = askers or read_askers(connection, features, asked)
    steps = {name: who.steps[name] for name, f in features.items() if isinstance(f, Past)}
    ids = [asked.items, *(some.items[some.items >= 0] for some in steps.values())]
    items = _items(connection, features, np.unique(np.concatenate(ids)), known)
    return Facts(
        asked,
        zone,
        who.persons,
        who.persons.places(asked.persons),
        items,
        subjects_of(features, asked, items),
        steps,
        _tallies(connection, features, asked, known, who),
    )


def _persons(connection: Connection, features: Given, asked: Asked) -> Described:
    """Read who asks; what the request says of them counts before that."""
    needed, ids = wanted(features, PERSON), asked.persons[asked.persons >= 0]
    stored: Described = remembered(
        connection,
        ids,
        ("described", repr(needed)),
        lambda: describe(connection, PERSON, needed, ids),
    )
    if not asked.said.attributes:
        return stored
    return as_said(stored, needed, int(asked.persons[0]), asked.said.attributes)


def _items(connection: Connection, features: Given, ids: Longs, known: Known | None) -> Described:
    """Read the items that are not known."""
    if known is None:
        return describe(connection, ITEM, wanted(features, ITEM), ids)
    held = known.items.some(ids)
    new = ids[~np.isin(ids, held.ids)]
    return held.with_others(describe(connection, ITEM, wanted(features, ITEM), new))


def subjects_of(features: Given, asked: Asked, items: Described) -> Subjects:
    """Find which pairs see an item in the same state."""
    rows, moments = items.places(asked.items), asked.moments[asked.ask]
    states = _ticks(features, asked.moments)[asked.ask]
    for time in item_times(features):
        states = states * 2 + (items.times[time][rows] > moments)
    numbers = states * (len(items.ids) + 1) + rows
    _, firsts, item = np.unique(numbers, return_index=True, return_inverse=True)
    return Subjects(rows[firsts], moments[firsts], item.astype(np.int64))


def _ticks(features: Given, moments: Longs) -> Longs:
    """Number the moments between which no clock of an item's feature ticks."""
    found = np.zeros(len(moments), np.int64)
    for clock in sorted(item_clocks(features)):
        ticks = np.unique(clock.tick(moments), return_inverse=True)[1]
        both = found * (ticks.max(initial=0) + 1) + ticks
        found = np.unique(both, return_inverse=True)[1]
    return found.astype(np.int64)


def item_clocks(features: Given) -> set[Clock]:
    """List the clocks that features of items go by."""
    return {
        clock_of(feature)
        for name, feature in features.items()
        if isinstance(feature, Age | Statistic) and place_of(name, features) == "items"
    }


def item_times(features: Given) -> list[str]:
    """List the times of items that decide whether something is known yet."""
    return sorted({time for f in features.values() for time in _times(f)})


def _times(feature: AnyFeature) -> list[str]:
    """List what has to be compared with the moment."""
    match feature:
        case Word(dated=str(time)) | Number(dated=str(time)) if split(feature.of)[0] == ITEM:
            return [time]
        case Age(way="since") if split(feature.of)[0] == ITEM:
            return [split(feature.of)[1]]
    return []


def _tallies(
    connection: Connection, features: Given, asked: Asked, known: Known | None, who: Askers
) -> dict[TallyKey, Tally]:
    held = {**(known.tallies if known is not None else {}), **who.tallies}
    found = tallyings(features).items()
    return {key: _tally(connection, one, asked, held.get(key)) for key, one in found}


def _tally(connection: Connection, tallying: Tallying, asked: Asked, held: Tally | None) -> Tally:
    first, last = asked.moments.min(), asked.moments.max()
    since, until = tallying.span(int(first), int(last))
    if held is not None and held.covers(since, until):
        return held
    persons = asked.persons if tallying.own else None
    return read_tally(connection, tallying, since, until, persons)
