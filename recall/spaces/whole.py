"""Edges of several kinds as one symmetric matrix over the nodes of all kinds."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from graph.graph import Edges, Floats, Graph, edges_of
from recall.floors import balanced


@dataclass(frozen=True)
class Whole:
    """All nodes numbered through, kind after kind, and every edge there and back."""

    edges: Edges
    offsets: Mapping[str, int]  # kind of node -> its first number
    sizes: Mapping[str, int]

    def apart(self, vectors: Floats) -> dict[str, Floats]:
        """Take vectors of all nodes apart, kind by kind."""
        return {
            kind: vectors[first : first + self.sizes[kind]] for kind, first in self.offsets.items()
        }


def whole_of(graph: Graph, names: list[str]) -> Whole:
    """Join edges; every kind of edge is balanced by the masses of its own ends."""
    walked = [graph.walked(name) for name in names]
    kinds = dict.fromkeys(kind for edges in walked for kind in (edges.source, edges.target))
    sizes = {kind: graph.size(kind) for kind in kinds}
    firsts = np.cumsum([0, *sizes.values()])
    offsets = dict(zip(kinds, firsts[:-1].tolist(), strict=True))
    sources, targets, weights = [], [], []
    for edges in walked:
        even = balanced(edges, sizes[edges.target], 0.5, 0.5)
        there = even.weights / 2 if edges.source == edges.target else even.weights
        a = even.sources() + np.int32(offsets[edges.source])
        b = even.targets + np.int32(offsets[edges.target])
        sources += [a, b]
        targets += [b, a]
        weights += [there, there]
    ends = np.concatenate(sources), np.concatenate(targets)
    both = edges_of("any", "any", ends[0], ends[1], np.concatenate(weights), int(firsts[-1]))
    return Whole(once(both), offsets, sizes)


def once(edges: Edges) -> Edges:
    """Sum up edges between the same two nodes; they are in order."""
    sources = edges.sources()
    new = (np.diff(sources, prepend=-1) != 0) | (np.diff(edges.targets, prepend=-1) != 0)
    firsts = np.flatnonzero(new)
    weights = np.add.reduceat(edges.weights, firsts)
    size = len(edges.starts) - 1
    return edges_of(edges.source, edges.target, sources[new], edges.targets[new], weights, size)


def with_itself(edges: Edges) -> Edges:
    """Tie every node to itself as well."""
    size = len(edges.starts) - 1
    own = np.arange(size, dtype=np.int32)
    sources = np.concatenate((edges.sources(), own))
    targets = np.concatenate((edges.targets, own))
    weights = np.concatenate((edges.weights, np.ones(size, np.float32)))
    return once(edges_of(edges.source, edges.target, sources, targets, weights, size))
