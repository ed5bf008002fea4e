"""What persons did, and the steps that each request may know of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from nlp.compiled import Flags
from ranking.examples import Codes, Longs
from ranking.features import queries
from ranking.features.asked import Asked
from ranking.features.moments import SECOND, micros, micros_of, moment_of
from ranking.features.remembering import remembered
from ranking.features.spec import Past
from ranking.features.timeline import Timeline, timeline_of
from recall.histories import AHEAD, told_again

MINUTE = 60 * SECOND
AGES = MINUTE * 2 ** np.arange(22, dtype=np.int64)  # a minute, two, four, … about four years


@dataclass(frozen=True)
class Deeds:
    """Events in order of person and time."""

    items: Longs
    kinds: Codes  # number in the kinds of the feature, from 1 on
    times: Longs
    line: Timeline


@dataclass(frozen=True)
class Steps:
    """The last deeds before each request, the oldest first, from the left."""

    items: Longs  # (asks, length) ids, -1 for fillings
    kinds: Codes  # (asks, length) 0 for fillings
    ages: Codes  # (asks, length) how long ago, 0 for fillings


def read_steps(connection: Connection, past: Past, asked: Asked) -> Steps:
    """Read what was done before each request."""
    delay = micros_of(past.delay) if past.delay else 0
    ends = asked.moments - delay
    begins = ends - micros_of(past.window)
    deeds = _read(connection, past, asked.persons, begins, ends)
    if asked.said.deeds:  # nothing of these arrives late
        return steps_of(_joined(deeds, past, asked), past, asked, begins, asked.moments)
    return steps_of(deeds, past, asked, begins, ends)


def _joined(deeds: Deeds, past: Past, asked: Asked) -> Deeds:
    """Add what the request says; what is stored of the same deeds goes."""
    said = [deed for deed in asked.said.deeds if deed.kind in past.kinds]
    names = [past.kinds[number - 1] for number in deeds.kinds.tolist()]
    stored = ~told_again(deeds.items, names, deeds.times / SECOND, asked.said.deeds)
    numbers = np.array([past.kinds.index(deed.kind) + 1 for deed in said], np.int32)
    moments = micros(np.array([deed.time for deed in said], np.float64))
    times = np.concatenate([deeds.times[stored], moments])
    items = np.concatenate([deeds.items[stored], np.array([deed.item for deed in said], np.int64)])
    order = np.argsort(times, kind="stable")
    owners = np.repeat(asked.persons[:1], len(times))
    return Deeds(
        items[order],
        np.concatenate([deeds.kinds[stored], numbers])[order],
        times[order],
        timeline_of(owners, times[order]),
    )


def _read(connection: Connection, past: Past, persons: Longs, begins: Longs, ends: Longs) -> Deeds:
    some, counts = np.unique(persons[persons >= 0], return_counts=True)
    once = len(some) > 0 and counts.max() == 1 and begins.min() == begins.max()
    values = {
        "persons": some.tolist(),
        "kinds": past.kinds,
        "since": moment_of(begins.min(initial=ends.max(initial=0))),
        "until": moment_of(ends.max(initial=0)),
        "most": past.length if once else None,
    }
    rows = _rows(connection, past, values, ends) if len(some) else ()
    numbers = {kind: number for number, kind in enumerate(past.kinds, 1)}
    plain = [(person, item, numbers[kind], time) for person, item, kind, time in rows]
    owners, items, kinds, times = np.array(plain, np.int64).reshape(-1, 4).T
    return Deeds(items, kinds.astype(np.int32), times, timeline_of(owners, times))


def _rows(
    connection: Connection, past: Past, values: Mapping[str, Any], ends: Longs
) -> Sequence[Any]:
    """Read rows; of one who asks now, what is remembered, unless some of it is yet to come."""

    def read(until: datetime) -> Sequence[Any]:
        return connection.execute(queries.DEEDS, {**values, "until": until}).all()

    if values["most"] is not None:
        persons, what = np.array(values["persons"]), ("deeds", repr(past))
        found = remembered(connection, persons, what, lambda: read(values["until"] + AHEAD))
        if not any(row[3] >= ends.max() for row in found):
            return found
    return read(values["until"])


def steps_of(deeds: Deeds, past: Past, asked: Asked, begins: Longs, ends: Longs) -> Steps:
    """Give each request the last deeds of its window."""
    first, last = deeds.line.between(asked.persons, begins, ends)
    first = np.maximum(first, last - past.length)
    places = first[:, None] + np.arange(past.length)  # (asks, length)
    real = places < last[:, None]
    if not len(deeds.items):
        nothing = np.zeros(places.shape, np.int32)
        return Steps(np.full(places.shape, -1), nothing, nothing)
    at = np.where(real, places, 0)
    ages = 1 + np.searchsorted(AGES, asked.moments[:, None] - deeds.times[at], side="right")
    return Steps(
        np.where(real, deeds.items[at], -1),
        np.where(real, deeds.kinds[at], 0).astype(np.int32),
        np.where(real, ages, 0).astype(np.int32),
    )


def packed(codes: NDArray[np.int32], real: Flags) -> NDArray[np.int32]:
    """Move real steps to the left, in their order. # (asks, length, fields)"""
    order = np.argsort(~real, axis=1, kind="stable")
    kept = np.where(real[..., None], codes, 0)
    return np.take_along_axis(kept, order[..., None], 1)
