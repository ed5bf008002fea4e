"""The steps of the section `graph`: one for each kind of edge, and one that clears up."""

from typing import Any

from graph.catalog import Catalog
from graph.edges import queries
from graph.edges.keeping import keep
from graph.edges.kind import Around, Kind
from graph.edges.kinds import AnyEdge, Graph
from weft.events import Events
from weft.steps import Made, Step, Work

CODE = 1  # raise it when the same section would make other edges


def steps(
    graph: Graph, catalog: Catalog, events: Events, reading: tuple[str, ...] = ()
) -> tuple[Step, ...]:
    """Give the steps of the graph's edges; steps of `reading` give items their tags."""
    kinds: dict[str, Kind] = dict(graph.edges)
    around = Around(catalog, events, kinds, reading)
    made = tuple(_step(name, edge, around) for name, edge in graph.edges.items())
    return (*made, _clearing(list(graph.edges)))


def _step(name: str, edge: AnyEdge, around: Around) -> Step:
    section = shaped(name, around)

    def run(work: Work) -> Made:
        return keep(work, name, edge, around, {**section, "code": CODE})

    needs = (*edge.needs(), *(around.reading if "item_tag" in edge.reads() else ()))
    return Step(f"graph.{name}", section, run, edge.reads(), needs, CODE)


def shaped(name: str, around: Around) -> dict[str, Any]:
    """Give all that decides which edges of a kind there are, and what they weigh."""
    edge = around.edges[name]
    return {**edge.model_dump(mode="json"), **edge.shaped_by(around)}


def _clearing(names: list[str]) -> Step:
    """Give the step that drops kinds which the spec names no more."""

    def run(work: Work) -> Made:
        gone = work.connection.execute(queries.GONE_KINDS, {"kinds": names}).scalars().all()
        for kind in gone:
            work.connection.execute(queries.drop_kind(kind))
            for forget in (queries.FORGET_SEEN, queries.FORGET_NODES, queries.FORGET_KIND):
                work.connection.execute(forget, {"kind": kind})
        work.connection.execute(queries.ANALYZE_NODES)  # here, where no other step holds it
        total = work.connection.execute(queries.TOTAL).scalar_one()
        return Made(metrics={"kinds": len(names), "gone": len(gone), "edges": float(total)})

    needs = tuple(f"graph.{name}" for name in names)
    return Step("graph", {"kinds": sorted(names)}, run, needs=needs, code=CODE)
