"""What has to do with a tag or a keyword: by the taxonomy, by edges and by spaces."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from graph.arrays.kinds import Kind, read_kinds
from graph.paths.hops import Hop, hop_from
from graph.paths.nodes import Place
from graph.paths.steps import Step, both_ways
from recall.related import queries
from recall.spaces.queries import vectors_of

BREADTH = 200  # edges that each node keeps
MIDDLE = 100  # nodes in the middle that each step of two keeps
Wanted = Literal["tag", "keyword"]
THROUGH = {  # what two steps may go through: what is tied to the same has to do with each other
    ("tag", "tag"): ("keyword",),
    ("tag", "keyword"): ("item",),
    ("keyword", "keyword"): ("tag", "item"),
    ("keyword", "tag"): ("item",),
}


@dataclass(frozen=True)
class Reason:
    """Why: `broader`, `narrower`, `related`, edges by name, or a space; and how strongly."""

    kind: str
    weight: float


@dataclass(frozen=True)
class Related:
    """A node, what speaks for it, and how much in all: each reason at most 1."""

    node: int
    score: float
    reasons: tuple[Reason, ...]


def related(
    connection: Connection,
    place: Place,
    wanted: Wanted,
    spaces: Mapping[str, int],
    top: int,
) -> tuple[Related, ...]:
    """List nodes in use, what most and strongest reasons speak for first."""
    reasons: dict[int, dict[str, float]] = {}
    for kind, node, weight in _said(connection, place, wanted, spaces):
        if (wanted, node) != place and weight > 0:
            known = reasons.setdefault(node, {})
            known[kind] = max(weight, known.get(kind, 0.0))
    most: dict[str, float] = {}
    for some in reasons.values():
        for kind, weight in some.items():
            most[kind] = max(weight, most.get(kind, 0.0))
    found = [_related(node, some, most) for node, some in reasons.items()]
    return _in_use(connection, wanted, sorted(found, key=lambda one: (-one.score, one.node)), top)


Told = Iterator[tuple[str, int, float]]


def _said(connection: Connection, place: Place, wanted: Wanted, spaces: Mapping[str, int]) -> Told:
    kinds = read_kinds(connection)
    steps = both_ways(kinds) if kinds else ()
    if (place[0], wanted) == ("tag", "tag"):
        for row in connection.execute(queries.RELATIONS, {"node": place[1]}):
            yield row.reason, row.node, 1.0
    yield from _by_one_step(connection, kinds, steps, place, wanted)
    yield from _by_two_steps(connection, kinds, steps, place, wanted)
    for name, artifact in spaces.items():
        yield from _by_space(connection, name, artifact, place, wanted)


def _by_one_step(
    connection: Connection,
    kinds: Mapping[str, Kind],
    steps: Sequence[Step],
    place: Place,
    wanted: Wanted,
) -> Told:
    here = [step for step in steps if (step.near, step.far) == (place[0], wanted)]
    for hop in hop_from(connection, kinds, here, [place], BREADTH):
        for node, weight in zip(hop.far.tolist(), hop.weights.tolist(), strict=True):
            yield hop.step.edges, node, weight


def _by_two_steps(
    connection: Connection,
    kinds: Mapping[str, Kind],
    steps: Sequence[Step],
    place: Place,
    wanted: Wanted,
) -> Told:
    """Go to what both are tied to, and on by edges that lead to what is wanted."""
    middles = THROUGH[place[0], wanted]
    here = [step for step in steps if step.near == place[0] and step.far in middles]
    for first in hop_from(connection, kinds, here, [place], MIDDLE):
        shares = dict(zip(first.far.tolist(), first.weights.tolist(), strict=True))
        places = [(first.step.far, node) for node in shares]
        back = [step for step in steps if (step.near, step.far) == (first.step.far, wanted)]
        for second in hop_from(connection, kinds, back, places, MIDDLE):
            yield from _summed(_named(first.step, second.step), shares, second)


def _summed(name: str, shares: Mapping[int, float], hop: Hop) -> Told:
    sums: dict[int, float] = {}
    rows = zip(hop.near.tolist(), hop.far.tolist(), hop.weights.tolist(), strict=True)
    for near, far, weight in rows:
        sums[far] = sums.get(far, 0.0) + shares[near] * weight
    for node, weight in sums.items():
        yield name, node, weight


def _named(first: Step, second: Step) -> str:
    return first.edges if first.edges == second.edges else f"{first.edges}, {second.edges}"


def _by_space(
    connection: Connection, name: str, artifact: int, place: Place, wanted: Wanted
) -> Told:
    tables = {"near": vectors_of(artifact, place[0]), "far": vectors_of(artifact, wanted)}
    if not connection.execute(queries.HELD, tables).scalar_one():
        return
    values = {"node": place[1], "top": BREADTH}
    for row in connection.execute(queries.nearest(artifact, place[0], wanted), values):
        yield f"space {name}", row.node, row.weight


def _related(node: int, reasons: Mapping[str, float], most: Mapping[str, float]) -> Related:
    parts = sorted(((weight / most[kind], kind) for kind, weight in reasons.items()), reverse=True)
    told = tuple(Reason(kind, reasons[kind]) for _, kind in parts)
    return Related(node, sum(share for share, _ in parts), told)


def _in_use(
    connection: Connection, wanted: Wanted, found: Iterable[Related], top: int
) -> tuple[Related, ...]:
    statement = queries.TAGS_IN_USE if wanted == "tag" else queries.KEYWORDS_IN_USE
    ordered = list(found)
    values = {"nodes": [one.node for one in ordered]}
    kept = set(connection.execute(statement, values).scalars())
    return tuple([one for one in ordered if one.node in kept][:top])
