"""Labelled rows read from the database, as of a moment, and parted by time."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from graph.arrays.rows import Rows, row_of, stream
from graph.catalog import Lifetime
from graph.graph import Floats
from nlp.compiled import Flags
from ranking.examples import Codes, Longs
from ranking.labelled import Labelled
from ranking.samples import queries
from ranking.samples.drawing import Offers, draw
from ranking.samples.keeping import looked_of, way_of
from ranking.samples.spec import ShownSamples
from weft.errors import BuildError
from weft.events import Events

ROW = {"person": ">i4", "item": ">i4", "time": ">f8", "request": ">i8", "place": ">i4",
       "scene": ">i4", "position": ">i4"}  # fmt: skip
OFFER = row_of(item=">i4", begins=">f8", ends=">f8")
CLICKS = row_of(day=">i4", item=">i4", count=">i4")


@dataclass(frozen=True)
class Span:
    """Which rows are read: of which requests, and as of when."""

    called: str
    since: datetime
    until: datetime


def read_labelled(
    connection: Connection,
    samples: ShownSamples,
    events: Events,
    since: datetime,
    until: datetime,
    lifetime: Lifetime | None = None,
) -> Labelled:
    """Read requests that began since a moment, with what was known until another.

    Rows are in order of time. What was shown too short a time before `until` is left out.
    """
    span = span_of(connection, samples, events, since, until)
    with connection.begin_nested() as aside:
        connection.execute(queries.BY_HASH)
        found = _read(connection, span, samples)
        if samples.source == "clicks":
            found = _with_drawn(connection, span, samples, found, lifetime or Lifetime())
        aside.rollback()
    return found


def read_split(
    connection: Connection,
    samples: ShownSamples,
    events: Events,
    moments: tuple[datetime, datetime, datetime],
    lifetime: Lifetime | None = None,
) -> tuple[Labelled, Labelled]:
    """Read what there is to learn from, as it was known then, and what came of later requests.

    Moments: since when, where to part, until when. Answers that came after the parting are no
    answers in the earlier part, as they would not have been on the day of learning.
    """
    since, at, until = moments
    earlier = read_labelled(connection, samples, events, since, at, lifetime)
    return earlier, read_labelled(connection, samples, events, at, until, lifetime)


def part(labelled: Labelled, which: Flags) -> Labelled:
    """Give some of the rows, with requests numbered anew."""
    old, groups = np.unique(labelled.groups[which], return_inverse=True)
    return Labelled(
        labelled.persons[which],
        labelled.items[which],
        labelled.times[which],
        groups.astype(np.int64),
        tuple(labelled.traces[number] for number in old),
        labelled.scenes[which],
        labelled.scene_names,
        labelled.positions[which],
        labelled.labels[which],
        labelled.tasks,
    )


def span_of(
    connection: Connection,
    samples: ShownSamples,
    events: Events,
    since: datetime,
    until: datetime,
) -> Span:
    """Say which rows are read; refuse rows that were joined in another way than is declared."""
    stands = connection.execute(queries.WAY).one_or_none()
    if stands is None or stands.way != way_of(samples, events):
        raise BuildError(
            "ranking.samples: rows were never joined, or not as the spec says; run `weft apply`"
        )
    until = min(until, stands.moment)
    called = queries.sampled(
        looked_of(samples),
        samples.negatives == "above_last_click",
        samples.unclicked == "keep",
        samples.settled(events),
    ).format(span=queries.span(since, until))
    return Span(called, since, until)


def _read(connection: Connection, span: Span, samples: ShownSamples) -> Labelled:
    names = samples.names()
    places = [names.index(name) + 1 for name in samples.tasks]
    row = row_of(**ROW, **{f"label_{place}": ">f4" for place in places})
    query = queries.rows(span.called, span.since, span.until, places)
    rows = _in_order(_all(connection, query, row))
    keys, groups = _requests(rows["request"].astype(np.int64))
    labels: Floats = np.empty((len(rows), len(places)), np.float32)
    for column, place in enumerate(places):
        labels[:, column] = rows[f"label_{place}"]
    scenes = connection.execute(text(queries.scenes(span.since, span.until))).scalars()
    return Labelled(
        rows["person"].astype(np.int64),
        rows["item"].astype(np.int64),
        rows["time"].astype(np.float64),
        groups,
        _traces(connection, span, keys),
        rows["scene"].astype(np.int32),
        tuple(scenes),
        rows["position"].astype(np.int32),
        labels,
        tuple(samples.tasks),
    )


def _all(connection: Connection, query: str, row: np.dtype[Any]) -> Rows:
    return np.concatenate(list(stream(connection, query, row)))


def _in_order(rows: Rows) -> Rows:
    order = np.lexsort([rows[name].astype("=f8") for name in ("place", "request", "time")])
    return rows[order]


def _requests(requests: Longs) -> tuple[Longs, Longs]:
    """Number requests by where they first come; give their keys, and rows by number."""
    keys, first, places = np.unique(requests, return_index=True, return_inverse=True)
    order = np.argsort(first)
    number = np.empty(len(keys), np.int64)
    number[order] = np.arange(len(keys))
    return keys[order], number[places]


def _traces(connection: Connection, span: Span, keys: Longs) -> tuple[str | None, ...]:
    """Read the traces of requests."""
    query = text(queries.traces(span.since, span.until))
    known = {int(key): trace for key, trace in connection.execute(query)}
    return tuple(known.get(key) for key in keys.tolist())


def _with_drawn(
    connection: Connection, span: Span, samples: ShownSamples, clicks: Labelled, lifetime: Lifetime
) -> Labelled:
    """Put negatives after each click: what else was on offer, by how much it was clicked."""
    offers = _offers(connection, span, samples, lifetime)
    of, items = draw(clicks, offers, samples.drawn)
    rows = np.concatenate([np.arange(len(clicks)), of])
    order = np.lexsort((np.arange(len(rows)), rows))
    rows, drawn = rows[order], order >= len(clicks)
    labels = clicks.labels[rows]
    labels[drawn] = 0
    return replace(
        clicks,
        persons=clicks.persons[rows],
        items=np.concatenate([clicks.items, items])[order],
        times=clicks.times[rows],
        groups=clicks.groups[rows],
        scenes=clicks.scenes[rows],
        positions=_nowhere(len(rows)),
        labels=labels,
    )


def _nowhere(size: int) -> Codes:
    return np.full(size, -1, np.int32)


def _offers(
    connection: Connection, span: Span, samples: ShownSamples, lifetime: Lifetime
) -> Offers:
    query = queries.offers(lifetime.begins, lifetime.ends, span.until)
    items = _all(connection, query, OFFER)
    back = span.since - samples.drawn.over
    clicks = _all(connection, queries.clicks_by_day(back, span.until), CLICKS)
    ids = items["item"].astype(np.int64)
    known = np.isin(clicks["item"], ids)
    return Offers(
        ids,
        items["begins"].astype(np.float64),
        items["ends"].astype(np.float64),
        clicks["day"][known].astype(np.int64),
        np.searchsorted(ids, clicks["item"][known]).astype(np.int64),
        clicks["count"][known].astype(np.float64),
    )
