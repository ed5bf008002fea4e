"""The best paths between two nodes: why somebody is shown something."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from graph.arrays.kinds import read_kinds
from graph.paths import queries
from graph.paths.nodes import Node, Place, named
from graph.paths.steps import LONGEST, Pattern, both_ways, patterns, read_pattern
from weft.errors import BadRequest

BREADTH = 32


@dataclass(frozen=True)
class Path:
    """A way through the graph: its nodes, the steps between them, and how close they tie."""

    nodes: tuple[Node, ...]
    steps: tuple[str, ...]
    weight: float

    def __str__(self) -> str:
        gone = zip(self.steps, self.nodes[1:], strict=True)
        return str(self.nodes[0]) + "".join(f" –{step}→ {node}" for step, node in gone)


@dataclass(frozen=True)
class _Found:
    pattern: Pattern
    nodes: tuple[int, ...]
    weight: float

    def places(self) -> tuple[Place, ...]:
        kinds = (self.pattern[0].near, *(step.far for step in self.pattern))
        return tuple(zip(kinds, self.nodes, strict=True))


def top_paths(
    connection: Connection,
    near: Place,
    far: Place,
    path: Sequence[str] = (),
    edges: Sequence[str] = (),
    top: int = 5,
    longest: int = LONGEST,
    breadth: int = BREADTH,
) -> tuple[Path, ...]:
    """Find the paths of most weight, of one pattern, or of every one that these edges allow."""
    if near == far:
        raise BadRequest("paths: two different nodes are needed")
    kinds = read_kinds(connection)
    if path:
        asked = [read_pattern(kinds, path, near[0], far[0])]
    else:
        asked = list(patterns(both_ways(kinds, edges), near[0], far[0], longest))
    found = [
        one for pattern in asked for one in _find(connection, pattern, near, far, top, breadth)
    ]
    best = heapq.nsmallest(top, found, key=lambda one: (-one.weight, len(one.nodes)))
    nodes = named(connection, {place for one in best for place in one.places()})
    return tuple(
        Path(tuple(nodes[p] for p in one.places()), tuple(map(str, one.pattern)), one.weight)
        for one in best
    )


def _find(
    connection: Connection, pattern: Pattern, near: Place, far: Place, top: int, breadth: int
) -> list[_Found]:
    values = {"near": near[1], "far": far[1], "top": top}
    middle = len(pattern) // 2
    if len(pattern) % 2 == 0 and _crowded(connection, pattern, near, far):
        middle -= 1
    rows = connection.execute(queries.paths(pattern, middle, breadth), values)
    return [_Found(pattern, tuple(row.nodes), row.weight) for row in rows]


def _crowded(connection: Connection, pattern: Pattern, near: Place, far: Place) -> bool:
    """Tell whether the near end has more edges than the far one, and is the worse one to list."""
    first, last = pattern[0], pattern[-1]
    values = {
        "near_kind": first.edges,
        "near_side": first.sides()[0],
        "near": near[1],
        "far_kind": last.edges,
        "far_side": last.sides()[1],
        "far": far[1],
    }
    mine, others = connection.execute(queries.DEGREES, values).one()
    return bool(mine > others)
