"""Edges seen from the items: rows of nodes, each touching some items."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from graph.graph import Edges, Floats, Graph, edges_of, turned
from recall.spaces.whole import with_itself
from weft.errors import BuildError, NothingToLearn


def touching_of(graph: Graph, names: Sequence[str]) -> list[Edges]:
    """Turn edges so that they end in items; an item also touches itself."""
    touching = [_touching(graph, name) for name in names]
    if not sum(len(graph.walked(name)) for name in names):
        raise NothingToLearn(
            f"a graph filter needs edges that touch items; there are none of {', '.join(names)}: "
            "import events or tags first, or name other kinds of edge in `over`"
        )
    return touching


def masses_of(edges: Sequence[Edges], items: int) -> Floats:
    """Give how much each item is touched, 1 at least."""
    masses = sum(np.bincount(some.targets, some.weights, items) for some in edges)
    return np.maximum(masses, 1).astype(np.float32)


def stacked(edges: Sequence[Edges], scales: Sequence[float], items: int) -> Edges:
    """Put edges under each other, each kind weighted; the rows of all kinds are numbered on."""
    counts = np.concatenate([np.diff(some.starts) for some in edges])
    starts = np.concatenate(([0], np.cumsum(counts)))
    weights = [some.weights * np.float32(scale) for some, scale in zip(edges, scales, strict=True)]
    targets = np.concatenate([some.targets for some in edges])
    return Edges("any", "item", starts, targets, np.concatenate(weights))


def themselves(items: int) -> Edges:
    """Tie every item to itself."""
    numbers = np.arange(items, dtype=np.int32)
    return edges_of("item", "item", numbers, numbers, np.ones(items, np.float32), items)


def _touching(graph: Graph, name: str) -> Edges:
    edges = graph.walked(name)
    if edges.source == edges.target == "item":
        mean = max(float(edges.weights.mean()), 1e-12) if len(edges) else 1.0
        return with_itself(replace(edges, weights=(edges.weights / mean).astype(np.float32)))
    if edges.target == "item":
        return edges
    if edges.source == "item":
        return turned(edges, graph.size(edges.target))
    raise BuildError(
        f"a graph filter learns from edges that touch items; {name} goes from {edges.source} "
        f"to {edges.target}: leave it out of `over`"
    )
