"""What a space learns from, read from the database as it is now or as it was at some time."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from graph.arrays.past import read_past
from graph.arrays.reading import read_graph, read_nodes
from graph.arrays.rows import row_of, stream
from graph.edges.kind import Around
from graph.graph import Edges, Floats, Graph, Numbers, edges_of
from recall.samples.queries import Definition
from recall.samples.reading import Source, read_samples, read_vectors
from recall.spaces import queries
from recall.spaces.sessions import sessions_of
from recall.spaces.spec import Space
from recall.spaces.trained import NOTHING_DONE, Lesson, Samples, Sessions
from weft.errors import BuildError
from weft.settings import read_settings
from weft.steps import Work

if TYPE_CHECKING:
    from recall.spaces.kinds import AnySpace

STEP = row_of(person=">i4", item=">i4", time=">f8", weight=">f8", bought=">i4")
LIKED = row_of(person=">i4", item=">i4")
VALUE = row_of(item=">i4", value=">i4")


@dataclass(frozen=True)
class School:
    """Where lessons come from: the data until the work's moment, which may lie in the past."""

    work: Work
    around: Around
    likes: str | None = None  # the edges that say what persons liked
    past: bool = False
    spaces: "Mapping[str, AnySpace]" = field(default_factory=dict)  # that others may start from

    def before(self, last: timedelta) -> "School":
        """Give the lessons of some time ago."""
        return replace(self, work=replace(self.work, moment=self.work.moment - last), past=True)

    def read(self, names: Collection[str]) -> Graph:
        """Read edges of some kinds."""
        if self.past:
            return read_past(self.work, self.around, names)
        return read_graph(self.work.connection, names)

    def source(self) -> Source:
        """Give where samples come from."""
        events = self.around.events
        defined = Definition(events.positive, events.passed_after, self.work.moment)
        return Source(self.work.connection, defined, self.around.catalog)


def read_lesson(school: School, space: Space, progress: Callable[[float], None]) -> Lesson:
    """Read all that a space asks for."""
    graph = school.read(edges_for(space, school.likes))
    if space.samples():
        graph = _with_both_sides(school, graph)
    settings = read_settings()
    return Lesson(
        graph,
        read_sessions(school, space, graph),
        features_of(space, graph),
        {name: _groups(school, name, graph) for name in space.grouped()},
        read_samples_of(school, space, graph),
        texts={k: _texts(school, k, graph) for k in space.texts() if k in graph.nodes},
        seed=space.seed,
        threads=settings.threads,
        device=settings.device,
        progress=progress,
    )


def _with_both_sides(school: School, graph: Graph) -> Graph:
    """See to it that a graph has persons and items, whichever edges it has."""
    missing = {"person", "item"} - graph.nodes.keys()
    return replace(graph, nodes={**graph.nodes, **read_nodes(school.work.connection, missing)})


def features_of(space: Space, graph: Graph) -> dict[str, Edges]:
    """Give the edges that describe each kind of node."""
    found: dict[str, Edges] = {}
    for edges in map(graph.walked, space.featured()):
        if edges.source in found:
            raise BuildError(f"two kinds of edge describe a {edges.source}; one is allowed")
        found[edges.source] = edges
    return found


def edges_for(space: Space, likes: str | None) -> list[str]:
    """Name the kinds of edge that a space reads, and those that it is judged by."""
    names = [name.removeprefix("~") for name in (*space.edges(), *space.featured())]
    return list(dict.fromkeys([*names, *([likes] if likes else [])]))


def read_sessions(school: School, space: Space, graph: Graph) -> Sessions:
    """Read what persons did, if the space asks for it."""
    gap = space.gap_of_sessions()
    if gap is None:
        return NOTHING_DONE
    query = queries.steps(school.around.events.positive, school.work.moment)
    rows = _rows(school.work.connection, query, STEP)
    steps = sessions_of(rows, gap.total_seconds(), space.weight_before_purchase())
    return Sessions(steps.starts, graph.numbers("item", steps.items), steps.weights)


def read_samples_of(school: School, space: Space, graph: Graph) -> Samples | None:
    """Read what was liked, shown and passed by, if the space asks for it."""
    if not space.samples():
        return None
    return read_samples(school.source(), graph, _pretrained(school, space, graph))


def _pretrained(school: School, space: Space, graph: Graph) -> Floats | None:
    """Read vectors of the space that it starts from; those of the past are learned again."""
    name = space.start_from()
    if name is None:
        return None
    start = school.spaces[name]
    if school.past:
        lesson = read_lesson(school, start, lambda share: None)
        return start.fit(lesson).vectors["item"]
    table = queries.vectors_of(school.work.inputs[f"space.{name}"], "item")
    return read_vectors(school.source(), table, start.dim, graph)


def liked_between(school: School, graph: Graph, since: datetime) -> Edges:
    """Read what persons did after a time."""
    query = queries.liked_between(school.around.events.positive, since, school.work.moment)
    rows = _rows(school.work.connection, query, LIKED)
    persons, items = (
        graph.numbers(kind, rows[kind].astype(np.int32)) for kind in ("person", "item")
    )
    ones = np.ones(len(rows), np.float32)
    return edges_of("person", "item", persons, items, ones, graph.size("person"))


def _groups(school: School, attribute: str, graph: Graph) -> Numbers:
    """Number the values of an attribute, item by item; -1 where an item has none."""
    groups = np.full(graph.size("item"), -1, np.int32)
    rows = _rows(school.work.connection, queries.values_of(attribute), VALUE)
    groups[graph.numbers("item", rows["item"].astype(np.int32))] = rows["value"]
    return groups


def _texts(school: School, kind: str, graph: Graph) -> list[list[str]]:
    """Read what each node is called."""
    found: list[list[str]] = [[] for _ in range(graph.size(kind))]
    rows = school.work.connection.execute(queries.texts_of(kind)).all()
    places = graph.numbers(kind, np.array([row.id for row in rows], np.int32))
    for place, row in zip(places.tolist(), rows, strict=True):
        if place >= 0:
            found[place].append(row.text)
    return found


def _rows(connection: Connection, query: str, row: np.dtype[Any]) -> NDArray[np.void]:
    parts = list(stream(connection, query, row))
    return np.concatenate(parts) if parts else np.zeros(0, row)
