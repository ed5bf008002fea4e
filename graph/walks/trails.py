"""Walks that follow a declared path of edge kinds round and round (Dong et al. 2017)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from graph.graph import Edges, Floats, Graph, Numbers
from graph.walks.alias import Tables, tables_of
from graph.walks.chance import seeded, stepped
from graph.walks.nets import spans_of
from graph.walks.walker import NOWHERE, step
from nlp.compiled import compiled
from weft.errors import BuildError


@dataclass(frozen=True)
class Trails:
    """Kinds of edge one after the other, their nodes under one numbering."""

    spans: Mapping[str, slice]  # kind of node -> its nodes' numbers
    places: Mapping[str, int]  # kind of edge -> where it stands
    origins: NDArray[np.int64]  # (edge kinds,) where node 0's start would stand
    starts: NDArray[np.int64]  # (sources of all edge kinds and their ends,)
    targets: Numbers  # (edges,)
    tables: Tables

    @property
    def size(self) -> int:
        """Tell how many nodes there are."""
        return max(int(span.stop) for span in self.spans.values())


@dataclass(frozen=True)
class Follower:
    """Walks of one length along one path."""

    trails: Trails
    path: tuple[str, ...]
    begins: Numbers  # the nodes that a walk may begin at
    length: int

    def __call__(self, begins: Numbers, seed: int, first: int = 0) -> Numbers:
        """Walk from each of these nodes; they are walks number `first` and so on."""
        trails, walks = self.trails, np.full((len(begins), self.length), NOWHERE, np.int32)
        walks[:, 0] = begins
        origins = trails.origins[[trails.places[name] for name in self.path]]
        _follow(walks, origins, trails.starts, trails.targets, trails.tables, seed, first)
        return walks


def trails_of(graph: Graph, paths: Sequence[Sequence[str]]) -> Trails:
    """Lay out every kind of edge that a path goes along, once."""
    chosen = {name: graph.walked(name) for name in dict.fromkeys(chain.from_iterable(paths))}
    for path in paths:
        _check(path, chosen)
    spans = spans_of(graph, list(chosen.values()))
    sizes = [len(edges.starts) for edges in chosen.values()]
    origins = np.cumsum([0, *sizes[:-1]]) - [spans[e.source].start for e in chosen.values()]
    bases = np.cumsum([0, *(len(edges) for edges in chosen.values())])
    starts = np.concatenate([e.starts + b for e, b in zip(chosen.values(), bases, strict=False)])
    targets = [edges.targets + np.int32(spans[edges.target].start) for edges in chosen.values()]
    places = {name: place for place, name in enumerate(chosen)}
    tables = _tables(starts, np.concatenate([edges.weights for edges in chosen.values()]))
    return Trails(spans, places, origins, starts, np.concatenate(targets), tables)


def follower_of(trails: Trails, graph: Graph, path: Sequence[str], length: int) -> Follower:
    """Make ready to walk from every node that has an edge of the path's first kind."""
    edges = graph.walked(path[0])
    begins = np.flatnonzero(np.diff(edges.starts)) + trails.spans[edges.source].start
    return Follower(trails, tuple(path), begins.astype(np.int32), length)


def _check(path: Sequence[str], edges: Mapping[str, Edges]) -> None:
    """See that each kind of edge begins where the one before it ends."""
    for name, after in zip(path, [*path[1:], path[0]], strict=True):
        if edges[name].target != edges[after].source:
            raise BuildError(
                f"path {' '.join(path)}: '{name}' leads to {edges[name].target}, but '{after}' "
                f"begins at {edges[after].source}; a path has to close, as in '{name} ~{name}'"
            )


def _tables(starts: NDArray[np.int64], weights: Floats) -> Tables:
    if len(weights) and (weights != weights[0]).any():
        return tables_of(starts, weights)
    return Tables(np.zeros(0, np.float32), np.zeros(0, np.int32))


@compiled
def _follow(
    walks: Numbers,
    origins: NDArray[np.int64],
    starts: NDArray[np.int64],
    targets: Numbers,
    tables: Tables,
    seed: int,
    first: int,
) -> None:
    for walk in range(len(walks)):
        state, here = seeded(seed, first + walk), walks[walk, 0]
        for place in range(1, walks.shape[1]):
            row = origins[(place - 1) % len(origins)] + here
            if starts[row] == starts[row + 1]:
                break
            state = stepped(state)
            here = targets[step(state, starts[row], starts[row + 1], tables)]
            walks[walk, place] = here
