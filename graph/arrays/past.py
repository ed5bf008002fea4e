"""The `Graph` as it was at a time: edges from events are made anew out of the events until then."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from graph.arrays import queries
from graph.arrays.kinds import Kind, chosen, read_kinds
from graph.arrays.reading import Ends, batches, in_rows, read_edges, read_nodes, read_side
from graph.edges.kind import Around, Fade, Run
from graph.edges.queries import MAKE, want
from graph.graph import Edges, Graph, Numbers
from weft.errors import PastNotKept
from weft.steps import Work

NOBODY = ""  # a kind of this name has seen no event yet


def read_past(work: Work, around: Around, names: Collection[str] = ()) -> Graph:
    """Read the edges that stand, with those from events as they were at the work's moment.

    Edges from facts are those of today: facts do not say since when they hold.
    """
    kinds = chosen(read_kinds(work.connection), names)
    nodes = read_nodes(work.connection, {end for kind in kinds for end in kind.ends()})
    return Graph(nodes, {kind.name: _edges(work, around, kind, nodes) for kind in kinds})


def _edges(work: Work, around: Around, kind: Kind, nodes: Mapping[str, Numbers]) -> Edges:
    declared = around.edges[kind.name]
    for leg in declared.legs():
        if _happened(around, leg):
            raise PastNotKept(
                f"edges {kind.name}: they go along {leg}, which comes from events, "
                "and of such paths only those of today are kept; leave them out"
            )
    if "event" not in declared.reads():
        return read_edges(work.connection, kind, nodes)
    with work.connection.begin_nested() as aside:
        found = _made_anew(work, around, kind, nodes)
        aside.rollback()
    return found


def _happened(around: Around, name: str) -> bool:
    declared = around.edges[name]
    return "event" in declared.reads() or any(_happened(around, leg) for leg in declared.legs())


def _made_anew(work: Work, around: Around, kind: Kind, nodes: Mapping[str, Numbers]) -> Edges:
    """Put aside what the step of this kind would make from nothing, and read that."""
    connection = work.connection
    connection.execute(MAKE)
    connection.execute(queries.events_until(work.moment))
    run = Run(work, NOBODY, around, Fade(kind.half_life, kind.landmark), None)
    content = around.edges[kind.name].content(run)
    connection.execute(want(content.query), content.values)
    sums = connection.execute(queries.ASIDE_SUMS).mappings().one()
    then = replace(kind, moment=work.moment, **sums)
    source, target = (queries.ASIDE_MARGINALS.format(side=side) for side in ("source", "target"))
    ends = Ends(
        read_side(connection, source, nodes[kind.source]),
        read_side(connection, target, nodes[kind.target]),
    )
    return in_rows(then, ends, batches(connection, then, ends, queries.ASIDE))
