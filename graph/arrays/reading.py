"""The `Graph` of today, or of a day in the past, straight out of Postgres."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from graph.arrays import queries
from graph.arrays.kinds import Doubles, Kind, Sides, chosen, read_kinds, weights_of
from graph.arrays.placing import place, sort_rows
from graph.arrays.rows import row_of, stream
from graph.graph import Edges, Graph, Numbers
from weft.errors import Conflict

ID = row_of(id=">i4")
SIDE = row_of(node=">i4", degree=">i4", mass=">f8")
EDGE = row_of(source=">i4", target=">i4", mass=">f8")
Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """The nodes on one side of a kind of edge: numbers by id, and what each has in all."""

    places: Numbers  # the last place is nobody's
    degree: Longs  # so is the last one here
    mass: Doubles

    def at(self, ids: NDArray[np.int32]) -> Numbers:
        """Give the numbers of nodes; -1 where there is no such node."""
        return self.places[np.minimum(ids, len(self.places) - 1)]

    def starts(self) -> Longs:
        """Tell where the row of each node begins, and where the last one ends."""
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(self.degree[:-1])])


@dataclass(frozen=True)
class Ends:
    """Both sides of a kind of edge."""

    source: Side
    target: Side


@dataclass(frozen=True)
class Batch:
    """Some edges as they came: numbers of their nodes, and weights."""

    sources: Numbers
    targets: Numbers
    weights: Doubles


def read_graph(connection: Connection, names: Collection[str] = ()) -> Graph:
    """Read nodes and edges, all kinds or those named, as this transaction sees them."""
    kinds = chosen(read_kinds(connection), names)
    nodes = read_nodes(connection, {end for kind in kinds for end in kind.ends()})
    return Graph(nodes, {kind.name: read_edges(connection, kind, nodes) for kind in kinds})


def read_nodes(connection: Connection, kinds: Collection[str]) -> Mapping[str, Numbers]:
    """Read the ids of all nodes of some kinds."""
    return {kind: read_ids(connection, queries.ids(kind)) for kind in sorted(kinds)}


def read_ids(connection: Connection, select: str) -> Numbers:
    """Read one column of ids."""
    parts = [rows["id"].astype(np.int32) for rows in stream(connection, select, ID)]
    return np.concatenate(parts)


def read_edges(connection: Connection, kind: Kind, nodes: Mapping[str, Numbers]) -> Edges:
    """Read the edges of one kind."""
    ends = ends_of(connection, kind, nodes)
    return in_rows(kind, ends, batches(connection, kind, ends))


def in_rows(kind: Kind, ends: Ends, batches: Iterable[Batch]) -> Edges:
    """Put each edge into its row while edges come: how long rows are is known beforehand."""
    starts = ends.source.starts()
    targets, weights = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
    placed = starts[:-1].copy()
    for batch in batches:
        parts = (batch.sources, batch.targets, batch.weights)
        if not place(*parts, placed, starts[1:], targets, weights):
            raise _changed(kind)
    if not np.array_equal(placed, starts[1:]):
        raise _changed(kind)
    sort_rows(starts, targets, weights)
    return Edges(kind.source, kind.target, starts, targets, weights)


def ends_of(connection: Connection, kind: Kind, nodes: Mapping[str, Numbers]) -> Ends:
    """Read what the nodes of both ends have in all."""
    source = read_side(connection, queries.marginals(kind.name, "source"), nodes[kind.source])
    target = read_side(connection, queries.marginals(kind.name, "target"), nodes[kind.target])
    return Ends(source, target)


def batches(
    connection: Connection, kind: Kind, ends: Ends, select: str | None = None
) -> Iterator[Batch]:
    """Read edges in the order in which the table has them."""
    for rows in stream(connection, select or queries.edges(kind.name), EDGE):
        sources, targets = ends.source.at(rows["source"]), ends.target.at(rows["target"])
        sides = Sides(
            ends.source.mass[sources],
            ends.target.mass[targets],
            np.maximum(ends.target.degree[targets], 1.0),
        )
        yield Batch(sources, targets, weights_of(kind, rows["mass"].astype(np.float64), sides))


def read_side(connection: Connection, select: str, ids: Numbers) -> Side:
    """Read what the nodes of one side have in all."""
    places = np.full(ids[-1] + 2 if len(ids) else 1, -1, np.int32)
    places[ids] = np.arange(len(ids), dtype=np.int32)
    degree, mass = np.zeros(len(ids) + 1, np.int64), np.ones(len(ids) + 1)
    whole = Side(places, degree, mass)
    for rows in stream(connection, select, SIDE):
        at = whole.at(rows["node"])
        degree[at], mass[at] = rows["degree"], rows["mass"]
    return whole


def _changed(kind: Kind) -> Conflict:
    return Conflict(
        f"edges {kind.name}: they changed while they were read; "
        "read them in one transaction of the level REPEATABLE READ"
    )
