"""What is tied to a node, and what several nodes have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from graph.arrays.kinds import read_kinds
from graph.paths import queries
from graph.paths.hops import hop_from
from graph.paths.nodes import Node, Place, named
from graph.paths.steps import read_steps
from weft.errors import BadRequest


@dataclass(frozen=True)
class Neighbour:
    """A node at the other end of an edge: the step that leads there, and what the edge weighs."""

    step: str
    node: Node
    weight: float


@dataclass(frozen=True)
class Shared:
    """A node that several nodes are tied to: how many of them, and how many of all."""

    node: Node
    by: int
    degree: int


def neighbours(
    connection: Connection, place: Place, steps: Sequence[str] = (), top: int = 10
) -> tuple[Neighbour, ...]:
    """List the heaviest neighbours of a node by each step."""
    kinds = read_kinds(connection)
    hops = hop_from(connection, kinds, read_steps(kinds, steps), [place], top)
    ends = [(str(hop.step), far) for hop in hops for _, far in hop.ends()]
    weights = [weight for hop in hops for weight in hop.weights.tolist()]
    nodes = named(connection, {far for _, far in ends})
    return tuple(
        Neighbour(step, nodes[far], weight)
        for (step, far), weight in zip(ends, weights, strict=True)
    )


def common(
    connection: Connection, places: Sequence[Place], step: str = "tagged", top: int = 10
) -> tuple[Shared, ...]:
    """List what two or more nodes lead to by a step: most shared first, then the rarest."""
    [found] = read_steps(read_kinds(connection), [step])
    if wrong := [kind for kind, _ in places if kind != found.near]:
        raise BadRequest(f"{step} begins at {found.near}, not at {wrong[0]}")
    values = {"nodes": sorted({number for _, number in places}), "top": top}
    rows = connection.execute(queries.common(found), values).all()
    nodes = named(connection, {(found.far, row.node) for row in rows})
    return tuple(Shared(nodes[found.far, row.node], row.shared, row.degree) for row in rows)
