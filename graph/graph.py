"""The graph as arrays: nodes are numbered kind by kind, edges are rows of neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Edges:
    """Edges of one kind: the neighbours of node n are `targets[starts[n]:starts[n + 1]]`."""

    source: str
    target: str
    starts: NDArray[np.int64]  # (sources + 1,)
    targets: Numbers  # (edges,)
    weights: Floats  # (edges,)

    def __len__(self) -> int:
        return len(self.targets)

    def sources(self) -> Numbers:
        """Give the source of every edge."""
        counts = np.diff(self.starts)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)


@dataclass(frozen=True)
class Graph:
    """Nodes of each kind, by the ids they have in the database, and the edges between them."""

    nodes: Mapping[str, Numbers]  # kind -> ids in rising order; a node's number is its place
    edges: Mapping[str, Edges]

    def size(self, kind: str) -> int:
        """Tell how many nodes of a kind there are."""
        return len(self.nodes[kind])

    def numbers(self, kind: str, ids: Numbers) -> Numbers:
        """Give the numbers of nodes; -1 where there is no such node."""
        known = self.nodes[kind]
        if not len(known):
            return np.full(len(ids), -1, np.int32)
        places = np.minimum(np.searchsorted(known, ids), len(known) - 1).astype(np.int32)
        return np.where(known[places] == ids, places, np.int32(-1))

    def walked(self, name: str) -> Edges:
        """Give edges by name; `~name` goes them backwards."""
        if name.startswith("~"):
            edges = self.edges[name[1:]]
            return turned(edges, self.size(edges.target))
        return self.edges[name]


def edges_of(
    source: str, target: str, sources: Numbers, targets: Numbers, weights: Floats, size: int
) -> Edges:
    """Order loose edges by their source, of which there are `size`, and then by their target."""
    order = np.lexsort((targets, sources))
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(sources, minlength=size), out=starts[1:])
    return Edges(source, target, starts, targets[order], weights[order])


def turned(edges: Edges, size: int) -> Edges:
    """Turn edges round; there are `size` nodes of what was the target."""
    return edges_of(edges.target, edges.source, edges.targets, edges.sources(), edges.weights, size)
