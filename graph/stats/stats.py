"""Degrees, parts, coverage and orphans of the graph."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from graph.arrays import queries
from graph.arrays.kinds import Kind, chosen, read_kinds
from graph.arrays.reading import Ends, batches, ends_of, read_ids, read_nodes
from graph.graph import Numbers
from graph.stats.components import join, sizes

QUANTILES = (0.5, 0.9, 0.99, 1.0)
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Parts:
    """How many parts the nodes with an edge fall into, and how many nodes the largest has."""

    count: int
    largest: int


@dataclass(frozen=True)
class SideStats:
    """One side of a kind of edge: its nodes, and degrees of those that have an edge."""

    node: str
    covered: float  # of the nodes in use
    degrees: tuple[int, ...]  # at QUANTILES


@dataclass(frozen=True)
class EdgeStats:
    """Edges of one kind."""

    kind: Kind
    source: SideStats
    target: SideStats
    parts: Parts


@dataclass(frozen=True)
class NodeStats:
    """Nodes of one kind that are in use; orphans have no edge at all."""

    kind: str
    count: int
    orphans: int


@dataclass(frozen=True)
class GraphStats:
    """The graph as a whole."""

    edges: tuple[EdgeStats, ...]
    nodes: tuple[NodeStats, ...]
    parts: Parts


@dataclass(frozen=True)
class _Whole:
    """All nodes in one numbering, kind after kind."""

    nodes: Mapping[str, Numbers]
    used: Mapping[str, Numbers]
    begins: Mapping[str, int]
    above: Numbers
    touched: Flags

    def span(self, kind: str) -> slice:
        return slice(self.begins[kind], self.begins[kind] + len(self.nodes[kind]))


def read_stats(connection: Connection, names: Collection[str] = ()) -> GraphStats:
    """Look at all edges, or at those named, once."""
    kinds = chosen(read_kinds(connection), names)
    whole = _open(connection, {end for kind in kinds for end in kind.ends()})
    edges = tuple(_edge_stats(connection, kind, whole) for kind in kinds)
    nodes = tuple(_node_stats(whole, kind) for kind in whole.nodes)
    return GraphStats(edges, nodes, _parts(whole.above, whole.touched))


def _open(connection: Connection, kinds: Collection[str]) -> _Whole:
    nodes = read_nodes(connection, kinds)
    used = {kind: read_ids(connection, queries.used(kind)) for kind in nodes}
    begins, size = {}, 0
    for kind, ids in nodes.items():
        begins[kind] = size
        size += len(ids)
    return _Whole(nodes, used, begins, np.arange(size, dtype=np.int32), np.zeros(size, np.bool_))


def _edge_stats(connection: Connection, kind: Kind, whole: _Whole) -> EdgeStats:
    ends = ends_of(connection, kind, whole.nodes)
    above, touched = np.arange(len(whole.above), dtype=np.int32), np.zeros_like(whole.touched)
    first, second = (np.int32(whole.begins[end]) for end in kind.ends())
    for batch in batches(connection, kind, ends):
        left, right = batch.sources + first, batch.targets + second
        join(above, left, right)
        join(whole.above, left, right)
    for end, side in zip(kind.ends(), (ends.source, ends.target), strict=True):
        touched[whole.span(end)] |= side.degree[:-1] > 0
    whole.touched[:] |= touched
    return EdgeStats(kind, *_sides(kind, ends, whole), _parts(above, touched))


def _sides(kind: Kind, ends: Ends, whole: _Whole) -> tuple[SideStats, SideStats]:
    source, target = zip(kind.ends(), (ends.source, ends.target), strict=True)
    return _side(source[0], source[1].degree, whole), _side(target[0], target[1].degree, whole)


def _side(node: str, degrees: NDArray[np.int64], whole: _Whole) -> SideStats:
    used = np.searchsorted(whole.nodes[node], whole.used[node])
    here = degrees[:-1][degrees[:-1] > 0]
    covered = float(np.mean(degrees[used] > 0)) if len(used) else 0.0
    return SideStats(node, covered, _quantiles(here))


def _quantiles(degrees: NDArray[np.int64]) -> tuple[int, ...]:
    if not len(degrees):
        return (0,) * len(QUANTILES)
    return tuple(np.quantile(degrees, QUANTILES, method="inverted_cdf").astype(int).tolist())


def _node_stats(whole: _Whole, kind: str) -> NodeStats:
    used = np.searchsorted(whole.nodes[kind], whole.used[kind])
    touched = whole.touched[whole.span(kind)][used]
    return NodeStats(kind, len(used), int(np.sum(~touched)))


def _parts(above: Numbers, touched: Flags) -> Parts:
    found: Sequence[int] = sizes(above, touched).tolist()
    return Parts(len(found), found[0] if found else 0)
