"""What a space learns from, and what every model gives back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from graph.graph import Edges, Floats, Graph, Numbers
from recall.candidates import History


@dataclass(frozen=True)
class Sessions:
    """What persons did one after the other, session by session."""

    starts: NDArray[np.int64]  # (sessions + 1,)
    items: Numbers  # (steps,) numbers of items
    weights: Floats  # (steps,) how much each step counts, such as 5 for what was bought


@dataclass(frozen=True)
class Deeds:
    """Every positive event, in order of person and time."""

    starts: NDArray[np.int64]  # (persons + 1,) the deeds of person n are starts[n]:starts[n + 1]
    items: Numbers  # (deeds,) numbers of items
    times: NDArray[np.float64]  # (deeds,) seconds since 1970
    weights: Floats  # (deeds,) as `events.positive` has them
    scenes: Numbers  # (deeds,) number of the scene in `scene_names`, or -1
    scene_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Samples:
    """The one definition of what retrieval models learn from: what was liked, what was passed by.

    Traits are attributes with one value a node: `traits["item"]["city"]` holds the number of each
    item's city in `trait_words["item"]["city"]`, or -1. What has many values, such as tags, comes
    as the features of a lesson.
    """

    deeds: Deeds
    exposures: Floats  # (items,) how often each item was shown
    passed: Edges | None = None  # person -> item, shown and not clicked; the weight is how often
    listed: NDArray[np.bool_] | None = None  # (items,) offered by then; others are not drawn
    traits: Mapping[str, Mapping[str, Numbers]] = field(default_factory=dict)
    trait_words: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    pretrained: Floats | None = None  # (items, dim) vectors of another space, as input


NOTHING_DONE = Sessions(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))


@dataclass(frozen=True)
class Lesson:
    """What a space learns from, and under which conditions."""

    graph: Graph
    sessions: Sessions = NOTHING_DONE
    features: Mapping[str, Edges] = field(default_factory=dict)  # kind of node -> its features
    groups: Mapping[str, Numbers] = field(default_factory=dict)  # attribute -> item's value, or -1
    samples: Samples | None = None  # for spaces that say `samples()`
    texts: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)  # kind -> by node
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


class Asker(Protocol):
    """The online side of a tower: what is known of somebody becomes vectors to search by."""

    def ask(self, history: History, words: Mapping[str, str]) -> Floats:
        """Give the vectors to search by; none where nothing can be said. # (searches, dim)"""


class Reader(Protocol):
    """The online side of a keyword space."""

    def read(self, text: str) -> Floats:
        """Give the vectors to search by of what was typed. # (searches, dim)"""


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


def liked_in(graph: Graph) -> Edges | None:
    """Find the first kind of edge from persons to items."""
    kinds = graph.edges.values()
    return next((e for e in kinds if (e.source, e.target) == ("person", "item")), None)


def unit(vectors: Floats) -> Floats:
    """Give every vector the length of one; nought stays nought."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
