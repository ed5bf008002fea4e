"""What a space learns from, and what every model gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from graph.graph import Edges, Floats, Graph, Numbers


@dataclass(frozen=True)
class Sessions:
    """What persons did one after the other, session by session."""

    starts: NDArray[np.int64]  # (sessions + 1,)
    items: Numbers  # (steps,) numbers of items
    weights: Floats  # (steps,) how much each step counts, such as 5 for what was bought


NOTHING_DONE = Sessions(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))


@dataclass(frozen=True)
class Lesson:
    """What a space learns from, and under which conditions."""

    graph: Graph
    sessions: Sessions = NOTHING_DONE
    features: Mapping[str, Edges] = field(default_factory=dict)  # kind of node -> its features
    groups: Mapping[str, Numbers] = field(default_factory=dict)  # attribute -> item's value, or -1
    seed: int = 0
    threads: int = 1
    device: str = "cpu"
    progress: Callable[[float], None] = lambda share: None


class Trained(Protocol):
    """A model that has learned."""

    @property
    def vectors(self) -> Mapping[str, Floats]:
        """Vectors of nodes, kind by kind, in the order of the graph. # (nodes, dim)"""

    def score(self, persons: Numbers) -> Floats:
        """Score every item for some persons. # (persons, items)"""

    def save(self) -> dict[str, bytes]:
        """Give what is needed to embed new nodes later, as files."""


class Placer(Protocol):
    """A model that has learned, and can place nodes that it has never seen."""

    @property
    def vectors(self) -> Mapping[str, Floats]:
        """Vectors of the nodes that it has seen. # (nodes, dim)"""

    @property
    def sides(self) -> Mapping[str, tuple[str, str]]:
        """Kinds of edge, `~` for backwards, with the kinds of node that gather along them."""

    @property
    def described(self) -> Mapping[str, tuple[str, str]]:
        """Kinds of edge whose targets are features of their sources."""

    def embed(
        self, kind: str, neighbours: Mapping[str, Edges], features: Edges | None = None
    ) -> Floats:
        """Place new nodes, a row for each, by the numbers of their neighbours."""


@dataclass(frozen=True)
class Placed:
    """Vectors, and nothing else: who has none is where the mean of what they liked is."""

    vectors: Mapping[str, Floats]
    liked: Edges | None = None  # person -> item, for persons without a vector of their own

    def score(self, persons: Numbers) -> Floats:
        """Score every item by its product with the person's place."""
        scores: Floats = self._places(persons) @ self.vectors["item"].T
        return scores

    def save(self) -> dict[str, bytes]:
        """Give no files: vectors alone cannot embed new nodes."""
        return {}

    def _places(self, persons: Numbers) -> Floats:
        if "person" in self.vectors:
            return self.vectors["person"][persons]
        if self.liked is None:
            raise ValueError("persons have neither vectors nor items that they liked")
        return mean_of(self.liked, self.vectors["item"], persons)


def mean_of(edges: Edges, vectors: Floats, nodes: Numbers) -> Floats:
    """Give the weighted mean of each node's neighbours; zero for a node without any."""
    places = np.zeros((len(nodes), vectors.shape[1]), np.float32)
    for row, node in enumerate(nodes):
        part = slice(edges.starts[node], edges.starts[node + 1])
        if part.start < part.stop:
            places[row] = np.average(vectors[edges.targets[part]], 0, edges.weights[part])
    return places
