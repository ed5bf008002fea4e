"""What a space learns from, read from the database as it is now or as it was at some time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from graph.arrays.reading import read_graph
from graph.arrays.rows import row_of, stream
from graph.catalog import Catalog
from graph.edges.spec import Graph as Woven
from graph.graph import Edges, Graph, Numbers, edges_of
from recall.spaces import queries
from recall.spaces.sessions import sessions_of
from recall.spaces.spec import Space
from recall.spaces.trained import NOTHING_DONE, Lesson, Sessions
from weft.events import Events
from weft.settings import read_settings

STEP = row_of(person=">i4", item=">i4", time=">f8", weight=">f8", bought=">i4")
LIKED = row_of(person=">i4", item=">i4")
VALUE = row_of(item=">i4", value=">i4")
PURCHASE = "purchase"


@dataclass(frozen=True)
class School:
    """Where lessons come from, and up to which time."""

    connection: Connection
    woven: Woven
    catalog: Catalog
    events: Events
    until: datetime
    likes: str | None = None  # the edges that say what persons liked
    past: bool = False  # whether `until` is not now

    def before(self, last: timedelta) -> "School":
        """Give the lessons of some time ago."""
        return replace(self, until=self.until - last, past=True)


def read_lesson(school: School, space: Space, progress: Callable[[float], None]) -> Lesson:
    """Read all that a space asks for."""
    names = {name.removeprefix("~") for name in (*space.over, *space.featured())}
    names |= {school.likes} if school.likes else set()
    as_of = school.until if school.past else None
    graph = read_graph(school.connection, sorted(names), as_of)
    settings = read_settings()
    return Lesson(
        graph,
        read_sessions(school, space, graph),
        {graph.walked(name).source: graph.walked(name) for name in space.featured()},
        {name: _groups(school, name, graph) for name in space.grouped()},
        space.seed,
        settings.threads,
        settings.device,
        progress,
    )


def read_sessions(school: School, space: Space, graph: Graph) -> Sessions:
    """Read what persons did, if the space asks for it."""
    gap = space.gap_of_sessions()
    if gap is None:
        return NOTHING_DONE
    rows = _rows(school.connection, queries.steps(school.events.positive, school.until), STEP)
    steps = sessions_of(rows, gap.total_seconds(), space.weight_before_purchase())
    return Sessions(steps.starts, graph.numbers("item", steps.items), steps.weights)


def liked_between(school: School, graph: Graph, since: datetime) -> Edges:
    """Read what persons did after a time."""
    query = queries.liked_between(school.events.positive, since, school.until)
    rows = _rows(school.connection, query, LIKED)
    persons, items = (
        graph.numbers(kind, rows[kind].astype(np.int32)) for kind in ("person", "item")
    )
    ones = np.ones(len(rows), np.float32)
    return edges_of("person", "item", persons, items, ones, graph.size("person"))


def _groups(school: School, attribute: str, graph: Graph) -> Numbers:
    """Number the values of an attribute, item by item; -1 where an item has none."""
    groups = np.full(graph.size("item"), -1, np.int32)
    rows = _rows(school.connection, queries.values_of(attribute), VALUE)
    groups[graph.numbers("item", rows["item"].astype(np.int32))] = rows["value"]
    return groups


def _rows(connection: Connection, query: str, row: np.dtype[Any]) -> NDArray[np.void]:
    parts = list(stream(connection, query, row))
    return np.concatenate(parts) if parts else np.zeros(0, row)
