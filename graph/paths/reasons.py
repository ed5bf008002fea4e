"""The best way from what somebody did to each of many nodes: few statements for all of them.

A way is one step, or two that meet in a node which both ends list among their heaviest
neighbours: crowds such as the items of a tag are never listed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from graph.arrays.kinds import read_kinds
from graph.paths.hops import Hop, hop_from
from graph.paths.nodes import Place
from graph.paths.steps import Step, both_ways

BREADTH = 32


@dataclass(frozen=True)
class Way:
    """A way through the graph: the places that it leads over, and how close it ties its ends."""

    places: tuple[Place, ...]
    steps: tuple[Step, ...]
    weight: float


def ways_to(
    connection: Connection,
    begins: Mapping[Place, float],
    ends: Collection[Place],
    edges: Iterable[str] = (),
    breadth: int = BREADTH,
) -> Mapping[Place, Way]:
    """Find the best way to each end that has one; each beginning counts as it is weighed."""
    if not begins:
        return {}
    kinds = read_kinds(connection)
    wanted = [name for name in edges if name in kinds] if edges else list(kinds)
    if not wanted:
        return {}
    steps = both_ways(kinds, wanted)
    ahead = hop_from(connection, kinds, steps, begins, breadth)
    behind = hop_from(connection, kinds, steps, ends, breadth)
    best: dict[Place, Way] = {}
    for end, way in _ways(begins, ahead, behind, set(ends)):
        if end not in best or _rank(way) < _rank(best[end]):
            best[end] = way
    return best


def _ways(
    begins: Mapping[Place, float], ahead: Iterable[Hop], behind: Iterable[Hop], ends: set[Place]
) -> Iterator[tuple[Place, Way]]:
    """Give every way of one step, and the best ones of two."""
    middles: dict[Place, list[Way]] = {}
    for near, far, step, tie in _edges(ahead):
        way = Way((near, far), (step,), begins[near] * tie)
        if far in ends:
            yield far, way
        middles.setdefault(far, []).append(way)
    for ways in middles.values():
        ways.sort(key=_rank)
    for end, middle, step, tie in _edges(behind):
        if middle in begins:
            yield end, Way((middle, end), (step.turned(),), begins[middle] * tie)
        before = next((w for w in middles.get(middle, ()) if w.places[0] != end), None)
        if before is not None:
            places, gone = (*before.places, end), (*before.steps, step.turned())
            yield end, Way(places, gone, before.weight * tie)


def _edges(hops: Iterable[Hop]) -> Iterator[tuple[Place, Place, Step, float]]:
    for hop in hops:
        for (near, far), tie in zip(hop.ends(), hop.ties.tolist(), strict=True):
            if near != far:
                yield near, far, hop.step, tie


def _rank(way: Way) -> tuple[float, int, tuple[str, ...], tuple[Place, ...]]:
    """Put the heaviest first, of equals the shorter one, then by name."""
    return -way.weight, len(way.steps), tuple(map(str, way.steps)), way.places
