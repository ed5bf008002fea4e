"""Kinds of edge as ways to gather: each node takes in the weighted mean of its neighbours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from graph.graph import Edges, Floats, Graph, edges_of, turned
from graph.products import Starts
from nlp.compiled import Flags

TEMPER = 0.5  # how much a neighbour counts falls with this power of its own mass


@dataclass(frozen=True)
class Relations:
    """What is gathered along, by names such as `liked` and `~liked`."""

    edges: Mapping[str, Edges]  # rows sum to 1
    tempers: Mapping[str, Floats]  # kind of edge -> what a neighbour's weight is multiplied by

    def kinds(self) -> list[str]:
        """Give the kinds of node that take part."""
        return sorted({edges.source for edges in self.edges.values()})

    def gathering(self, kind: str) -> list[Edges]:
        """Give the edges along which a kind of node gathers."""
        return [edges for edges in self.edges.values() if edges.source == kind]

    def linked(self, kind: str) -> Flags:
        """Mark the nodes that have neighbours."""
        return self.crowds[kind][:, 0] > 0

    @cached_property
    def crowds(self) -> Mapping[str, Floats]:
        """Tell how many neighbours each node has, as it enters the network. # (nodes, 1)"""
        edges = {kind: self.gathering(kind) for kind in self.kinds()}
        return {kind: crowds_of(some, len(some[0].starts) - 1) for kind, some in edges.items()}


def relations_of(raw: Mapping[str, Edges], sizes: Mapping[str, int]) -> Relations:
    """Make every kind of edge one that means can be taken along."""
    tempers = {name: _tempers(edges, sizes[edges.target]) for name, edges in raw.items()}
    means = {name: means_of(edges, tempers[name]) for name, edges in raw.items()}
    return Relations(means, tempers)


def both_ways(graph: Graph, over: Sequence[str]) -> dict[str, Edges]:
    """Give each kind of edge forth and back; between nodes of one kind, both ways in one."""
    edges: dict[str, Edges] = {}
    for name in dict.fromkeys(name.removeprefix("~") for name in over):
        kind = graph.edges[name]
        back = turned(kind, graph.size(kind.target))
        if kind.source == kind.target:
            edges[name] = joined(kind, back)
        else:
            edges |= {name: kind, f"~{name}": back}
    return edges


def joined(edges: Edges, more: Edges) -> Edges:
    """Put edges between the same nodes together; what is in both counts once, the heavier."""
    sources = np.concatenate((edges.sources(), more.sources()))
    targets = np.concatenate((edges.targets, more.targets))
    weights = np.concatenate((edges.weights, more.weights))
    order = np.lexsort((-weights, targets, sources))
    sources, targets, weights = sources[order], targets[order], weights[order]
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(sources) != 0) | (np.diff(targets) != 0)
    rows = len(edges.starts) - 1
    return edges_of(edges.source, edges.target, sources[new], targets[new], weights[new], rows)


def means_of(edges: Edges, tempers: Floats) -> Edges:
    """Weigh neighbours so that each row with any sums to 1."""
    weights = edges.weights * tempers[edges.targets]
    sums = row_sums(edges.starts, weights)
    shares = weights / np.repeat(np.where(sums > 0, sums, 1), np.diff(edges.starts))
    return replace(edges, weights=shares.astype(np.float32))


def without_any(edges: Iterable[Edges], rows: int) -> Flags:
    """Mark rows that are empty in all edges."""
    bare = np.ones(rows, np.bool_)
    for kind in edges:
        bare &= np.diff(kind.starts) == 0
    return bare


def crowds_of(edges: Iterable[Edges], rows: int) -> Floats:
    """Give the log of 1 + the number of neighbours in all edges. # (rows, 1)"""
    counts = np.zeros((rows, 1), np.float32)
    for some in edges:
        counts[:, 0] += np.diff(some.starts)
    return np.asarray(np.log1p(counts))


def row_sums(starts: Starts, weights: Floats) -> Floats:
    """Sum up row by row."""
    totals = np.concatenate(([0.0], np.cumsum(weights, dtype=np.float64)))
    return np.diff(totals[starts]).astype(np.float32)


def _tempers(edges: Edges, size: int) -> Floats:
    masses = np.bincount(edges.targets, edges.weights, size)
    return np.where(masses > 0, np.maximum(masses, 1e-9) ** -TEMPER, 1).astype(np.float32)
