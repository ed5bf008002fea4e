"""Closeness to a node: personalised PageRank by pushing, where the graph stands.

Andersen, Chung, Lang: Local graph partitioning using PageRank vectors (2006).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from graph.arrays.kinds import Kind, read_kinds
from graph.paths.hops import hop_from
from graph.paths.nodes import Node, Place, named
from graph.paths.steps import Step, both_ways

BREADTH = 64
Way = tuple[Place, float]


@dataclass(frozen=True)
class Close:
    """A node, and how likely a walk that often begins anew is to be there."""

    node: Node
    score: float


@dataclass
class Surroundings:
    """The part of the graph that was read so far; each node keeps its heaviest edges."""

    connection: Connection
    kinds: Mapping[str, Kind]
    steps: Sequence[Step]
    breadth: int
    ways: dict[Place, list[Way]] = field(default_factory=dict)

    def read(self, places: Sequence[Place]) -> None:
        """Read where walks go from nodes: each kind of edge alike, edges of a kind by mass."""
        new = [place for place in places if place not in self.ways]
        found: dict[Place, list[tuple[Place, float, Step]]] = {place: [] for place in new}
        for hop in hop_from(self.connection, self.kinds, self.steps, new, self.breadth):
            for (near, far), share in zip(hop.ends(), hop.shares().tolist(), strict=True):
                found[near].append((far, share, hop.step))
        for place, ways in found.items():
            kinds = len({step for _, _, step in ways})
            self.ways[place] = [(far, share / kinds) for far, share, _ in ways]


def closest(
    connection: Connection,
    place: Place,
    kind: str | None = None,
    edges: Sequence[str] = (),
    top: int = 10,
    anew: float = 0.15,
    small: float = 1e-4,
    breadth: int = BREADTH,
) -> tuple[Close, ...]:
    """List the nodes that are closest to a node, all or those of a kind; it is none of them."""
    kinds = read_kinds(connection)
    around = Surroundings(connection, kinds, both_ways(kinds, edges), breadth)
    scores = pushed(around, {place: 1.0}, anew, small)
    mine = [p for p in scores if p != place and kind in (None, p[0])]
    best = sorted(mine, key=lambda p: (-scores[p], p))[:top]
    nodes = named(connection, best)
    return tuple(Close(nodes[p], scores[p]) for p in best)


def pushed(
    around: Surroundings, begin: Mapping[Place, float], anew: float, small: float
) -> Mapping[Place, float]:
    """Push what has not settled along edges until no node has more than `small` an edge.

    A walk begins anew with the chance `anew`, and where nothing leads on.
    """
    settled: dict[Place, float] = defaultdict(float)
    loose, ready = dict(begin), list(begin)
    while ready:
        around.read(ready)
        for near in ready:
            rest = loose.pop(near, 0.0)
            settled[near] += anew * rest
            for far, share in around.ways[near] or begin.items():
                loose[far] = loose.get(far, 0.0) + (1 - anew) * rest * share
        around.read([p for p, rest in loose.items() if rest > small])
        ready = [p for p, rest in loose.items() if rest > small * len(around.ways.get(p, ()) or p)]
    return settled
