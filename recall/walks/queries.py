"""SQL of walks: lists that are bounded at every step, and end at items that a filter lets through.

An edge counts by its share in what its two ends have, mass / √(mass of one · mass of other).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Double,
    Integer,
    Select,
    TextClause,
    and_,
    any_,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    text,
    true,
)

from graph.paths.queries import heaviest, sums
from graph.paths.steps import Pattern, Step
from graph.tables import item
from weft.tables import DERIVED

LOOKED = 1_000  # edges of a node that are looked through for items that the filter lets through

EDGE = table("edge", *map(column, ("kind", "source", "target", "mass")), schema=DERIVED)
NODE = table("edge_node", *map(column, ("kind", "side", "node", "mass")), schema=DERIVED)


def walked(
    pattern: Pattern, breadth: int, keep: int, condition: ColumnElement[bool]
) -> Select[Any]:
    """Go a path from `:nodes` with `:weights`, and give the `:top` items that it leads to."""
    last = pattern[-1]
    near_side, far_side = last.sides()
    begun = _begun(pattern[:-1], breadth, keep).columns(column("node"), column("weight"))
    before = begun.subquery("before")
    edge = _items(last, before.c.node, breadth, condition)
    near, far = NODE.alias("near"), NODE.alias("far")
    share = edge.c.mass / func.sqrt(near.c.mass) / func.sqrt(far.c.mass)
    score = func.sum(before.c.weight * share).label("score")
    return (
        select(edge.c.node.label("item"), score)
        .select_from(before)
        .join(edge, true())
        .join(near, _is(near, last, near_side, before.c.node))
        .join(far, _is(far, last, far_side, edge.c.node))
        .group_by(edge.c.node)
        .order_by(score.desc(), edge.c.node.desc())
        .limit(bindparam("top", type_=Integer))
    )


def let_through(condition: ColumnElement[bool]) -> Select[Any]:
    """Give those of `:items` that a filter lets through."""
    items: ColumnElement[Any] = bindparam("items", type_=ARRAY(Integer))
    return select(item.c.id).where(item.c.id == any_(items), condition)


def _begun(steps: Sequence[Step], breadth: int, keep: int) -> TextClause:
    """Go all steps but the last, and keep so many nodes after each."""
    parts = ["f0 AS (SELECT node, weight FROM unnest(:nodes, :weights) AS f(node, weight))"]
    for number, step in enumerate(steps):
        parts.append(f"""
        f{number + 1} AS MATERIALIZED (
            SELECT e.node, sum(p.weight * e.mass / sqrt(near.mass) / sqrt(far.mass)) AS weight
            FROM f{number} AS p
            CROSS JOIN LATERAL ({heaviest(step, "p.node", breadth)}) AS e
            {sums(step, "p.node", "e.node")}
            GROUP BY e.node ORDER BY weight DESC, e.node LIMIT {keep}
        )""")
    return text(f"WITH {','.join(parts)} SELECT node, weight FROM f{len(steps)}").bindparams(
        bindparam("nodes", type_=ARRAY(Integer)), bindparam("weights", type_=ARRAY(Double))
    )


def _items(step: Step, node: Any, breadth: int, condition: ColumnElement[bool]) -> Any:
    """List the heaviest items of a node that a filter lets through."""
    near, far = (EDGE.c[side] for side in step.sides())
    looked = (
        select(far.label("node"), EDGE.c.mass)
        .where(EDGE.c.kind == literal_column(f"'{step.edges}'"), near == node)
        .order_by(EDGE.c.mass.desc(), far)
        .limit(LOOKED)
        .correlate(node.table)
        .subquery("looked")
    )
    found = select(looked.c.node, looked.c.mass).join(item, item.c.id == looked.c.node)
    ordered = found.where(condition).order_by(looked.c.mass.desc(), looked.c.node)
    return ordered.limit(breadth).lateral("e")


def _is(side: Any, step: Step, name: str, node: Any) -> ColumnElement[bool]:
    return and_(
        side.c.kind == literal_column(f"'{step.edges}'"),
        side.c.side == literal_column(f"'{name}'"),
        side.c.node == node,
    )
