"""The best path to each item of a page, in names: what somebody did, and what ties it to this."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from graph.paths.nodes import Node, Place, named
from graph.paths.reasons import Way, ways_to
from ranking.page import Did


@dataclass(frozen=True)
class ToldPath:
    """A path in names: nodes, and the kind of edge or deed between each and the next one."""

    nodes: tuple[Node, ...]
    steps: tuple[str, ...]  # `tagged`, or `~tagged` where the edge is gone backwards
    weight: float

    def __str__(self) -> str:
        gone = zip(self.steps, self.nodes[1:], strict=True)
        return self.nodes[0].label + "".join(f" {_arrow(step)} {node.label}" for step, node in gone)


def paths_to(
    connection: Connection,
    person: int | None,
    did: Sequence[Did],
    items: Collection[int],
    edges: Collection[str] = (),
) -> Mapping[int, ToldPath]:
    """Find the best path from a person to each item that has one, over what they did of late.

    The graph is asked as it stands now; four statements, however many items there are.
    """
    if person is None and not did:
        return {}
    deeds = {("item", one.item): one for one in reversed(did)}
    begins = _weighed(person, deeds)
    ways = ways_to(connection, begins, [("item", item) for item in items], edges)
    ways = {**ways, **{at: Way((at,), (), 1.0) for at in deeds if at[1] in items}}
    me: Place = ("person", -1 if person is None else person)
    nodes = named(connection, {me, *(place for way in ways.values() for place in way.places)})
    nodes = {me: Node("person", -1, "", "somebody"), **nodes}
    return {place[1]: _told(way, me, deeds, nodes) for place, way in ways.items()}


def _weighed(person: int | None, deeds: Mapping[Place, Did]) -> dict[Place, float]:
    """Let each deed count as an edge of its weight would, among all of them; the person by 1."""
    whole = sum(one.weight for one in deeds.values())
    begins = {place: one.weight / whole**0.5 for place, one in deeds.items() if one.weight > 0}
    return begins if person is None else {**begins, ("person", person): 1.0}


def _told(way: Way, me: Place, deeds: Mapping[Place, Did], nodes: Mapping[Place, Node]) -> ToldPath:
    steps, places = tuple(map(str, way.steps)), way.places
    if places[0] in deeds:
        steps, places = (deeds[places[0]].kind, *steps), (me, *places)
    return ToldPath(tuple(nodes[place] for place in places), steps, way.weight)


def _arrow(step: str) -> str:
    return f"←{step[1:]}–" if step.startswith("~") else f"–{step}→"
