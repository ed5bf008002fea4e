"""The neighbourhood of a node: the nodes near it, and all edges between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from graph.arrays.kinds import Kind, read_kinds
from graph.arrays.reading import read_graph
from graph.paths.hops import Hop, hop_from, hops_among
from graph.paths.nodes import Node, Place, named
from graph.paths.steps import both_ways

BREADTH = 32


@dataclass(frozen=True)
class Tie:
    """An edge between two nodes, from its source to its target."""

    edges: str
    source: Node
    target: Node
    weight: float


@dataclass(frozen=True)
class Subgraph:
    """Some nodes and the edges between them."""

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]


def subgraph(
    connection: Connection,
    place: Place,
    edges: Sequence[str] = (),
    radius: int = 2,
    most: int = 300,
    breadth: int = BREADTH,
) -> Subgraph:
    """Take the nodes within some steps of a node, the closest first, and all edges among them."""
    kinds = read_kinds(connection)
    places = _near(connection, kinds, place, edges, radius, most, breadth)
    ahead = [step for step in both_ways(kinds, edges) if not step.back]
    nodes = named(connection, places)
    ties = ties_of(hops_among(connection, kinds, ahead, places), nodes)
    return Subgraph(tuple(nodes[place] for place in places), ties)


def whole(connection: Connection, edges: Sequence[str] = ()) -> Subgraph:
    """Take every node and every edge, of all kinds or of those named."""
    graph = read_graph(connection, edges)
    places = {
        kind: [(kind, number) for number in ids.tolist()] for kind, ids in graph.nodes.items()
    }
    nodes = named(connection, [place for part in places.values() for place in part])
    ties = (
        Tie(name, nodes[places[part.source][near]], nodes[places[part.target][far]], weight)
        for name, part in graph.edges.items()
        for near, far, weight in zip(
            part.sources().tolist(), part.targets.tolist(), part.weights.tolist(), strict=True
        )
    )
    return Subgraph(tuple(nodes.values()), tuple(ties))


def ties_of(hops: Iterable[Hop], nodes: Mapping[Place, Node]) -> tuple[Tie, ...]:
    """Name the edges of steps that were gone forwards."""
    return tuple(
        Tie(hop.step.edges, nodes[near], nodes[far], weight)
        for hop in hops
        for (near, far), weight in zip(hop.ends(), hop.weights.tolist(), strict=True)
    )


def _near(
    connection: Connection,
    kinds: Mapping[str, Kind],
    place: Place,
    edges: Sequence[str],
    radius: int,
    most: int,
    breadth: int,
) -> list[Place]:
    """Go on ring by ring; where there are too many, those of the heaviest edges stay."""
    steps, ring = both_ways(kinds, edges), [place]
    known = dict.fromkeys(ring)
    for _ in range(radius):
        hops = hop_from(connection, kinds, steps, ring, breadth)
        ring = [far for far in _by_share(hops) if far not in known][: most - len(known)]
        known.update(dict.fromkeys(ring))
        if not ring:
            break
    return list(known)


def _by_share(hops: Iterable[Hop]) -> list[Place]:
    """Give the far ends, those first that take most of what their near end gives by a step."""
    best: dict[Place, float] = {}
    for hop in hops:
        for (_, far), share in zip(hop.ends(), hop.shares().tolist(), strict=True):
            best[far] = max(share, best.get(far, 0.0))
    return sorted(best, key=lambda place: (-best[place], place))
