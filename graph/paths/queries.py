"""SQL that asks the graph; what is listed is bounded, and comes in the order of an index."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Integer, Text

from graph.paths.steps import Pattern, Step

NODES = {
    "item": "SELECT 'item' AS kind, id, key, title AS label FROM item",
    "person": "SELECT 'person', id, key, key FROM person",
    "tag": """
        SELECT 'tag', id, key, coalesce((
            SELECT text FROM tag_label WHERE tag_label.tag = tag.id AND kind = 'preferred'
            ORDER BY language LIMIT 1
        ), key) FROM tag""",
    "keyword": "SELECT 'keyword', id, normal, text FROM word",
    "value": "SELECT 'value', id, attribute || '=' || text, text FROM value",
}
KEYS = {
    "item": "key",
    "person": "key",
    "tag": "key",
    "keyword": "normal",
    "value": "(attribute, text)",
}

SHARE = "e.mass / sqrt(near.mass) / sqrt(far.mass)"

DEGREES = text("""
SELECT coalesce((SELECT degree FROM derived.edge_node
                 WHERE (kind, side, node) = (:near_kind, :near_side, :near)), 0),
       coalesce((SELECT degree FROM derived.edge_node
                 WHERE (kind, side, node) = (:far_kind, :far_side, :far)), 0)
""")


def _nodes(condition: dict[str, str], kind: type[Integer] | type[Text]) -> TextClause:
    parts = (f"{select} WHERE {condition[name]}" for name, select in NODES.items())
    arrays = (bindparam(name, type_=ARRAY(kind)) for name in NODES)
    return text("\nUNION ALL ".join(parts)).bindparams(*arrays)


NODES_BY_ID = _nodes({kind: f"id = ANY(:{kind})" for kind in NODES}, Integer)
NODES_BY_KEY = _nodes(
    {
        **{kind: f"{key} = ANY(:{kind})" for kind, key in KEYS.items()},
        "value": "(attribute, text) IN (SELECT split_part(name, '=', 1), "
        "substr(name, strpos(name, '=') + 1) FROM unnest(:value) AS name)",
    },
    Text,
)


def keys(kind: str) -> TextClause:
    """Give the keys of all nodes of a kind in the order of their ids."""
    return text(f"SELECT key FROM ({NODES[kind]}) AS node(kind, id, key, label) ORDER BY id")


@lru_cache(1024)
def hop(steps: tuple[Step, ...], breadth: int) -> TextClause:
    """List the heaviest neighbours of each of these nodes by each step, with sums of both ends."""
    parts = (
        f"""
        SELECT {number} AS step, f.node AS near, e.node AS far, e.mass,
               near.mass AS near_mass, near.degree AS near_degree,
               far.mass AS far_mass, far.degree AS far_degree
        FROM unnest(:{step.near}) AS f(node)
        CROSS JOIN LATERAL ({heaviest(step, "f.node", breadth)}) AS e
        {sums(step, "f.node", "e.node")}
        """
        for number, step in enumerate(steps)
    )
    return _given(parts, {step.near for step in steps})


@lru_cache(1024)
def among(steps: tuple[Step, ...]) -> TextClause:
    """List all edges between some nodes, with sums of both ends."""
    parts = (
        f"""
        SELECT {number} AS step, f.node AS near, e.node AS far, e.mass,
               near.mass AS near_mass, near.degree AS near_degree,
               far.mass AS far_mass, far.degree AS far_degree
        FROM unnest(:{step.near}) AS f(node)
        CROSS JOIN LATERAL (
            SELECT target AS node, mass FROM derived.edge
            WHERE kind = '{step.edges}' AND source = f.node AND target = ANY(:{step.far})
        ) AS e
        {sums(step, "f.node", "e.node")}
        """
        for number, step in enumerate(steps)
    )
    return _given(parts, {end for step in steps for end in (step.near, step.far)})


@lru_cache(1024)
def common(step: Step) -> TextClause:
    """List what several of `:nodes` have in common: what most of them have, the rarest first."""
    near, far = step.sides()
    return text(f"""
        SELECT e.{far} AS node, count(*) AS shared, far.degree
        FROM derived.edge AS e
        JOIN derived.edge_node AS far
            ON (far.kind, far.side, far.node) = ('{step.edges}', '{far}', e.{far})
        WHERE e.kind = '{step.edges}' AND e.{near} = ANY(:nodes)
        GROUP BY e.{far}, far.degree HAVING count(*) > 1
        ORDER BY shared DESC, far.degree, node LIMIT :top
    """).bindparams(bindparam("nodes", type_=ARRAY(Integer)))


@lru_cache(1024)
def paths(pattern: Pattern, middle: int, breadth: int) -> TextClause:
    """Find paths from `:near` to `:far`: lists from both ends, met by looking up a middle edge.

    An edge counts by its share in what its two ends have, mass / √(mass of one · mass of other);
    a path counts by the product. So many beginnings of paths are kept after each step.
    """
    met, ahead = pattern[middle], pattern[:middle]
    behind = [step.turned() for step in reversed(pattern[middle + 1 :])]
    near, far = met.sides()
    lists = ",".join([*_lists("f", ":near", ahead, breadth), *_lists("b", ":far", behind, breadth)])
    return text(f"""
        WITH {lists}
        SELECT f.nodes || b.nodes AS nodes, f.weight * b.weight * {SHARE} AS weight
        FROM f{len(ahead)} AS f CROSS JOIN b{len(behind)} AS b
        CROSS JOIN LATERAL (
            SELECT mass FROM derived.edge
            WHERE kind = '{met.edges}' AND {near} = f.node AND {far} = b.node LIMIT 1
        ) AS e
        {sums(met, "f.node", "b.node")}
        WHERE {_apart(pattern, middle)}
        ORDER BY weight DESC, nodes LIMIT :top
    """)


def _lists(name: str, begin: str, steps: Sequence[Step], breadth: int) -> list[str]:
    """Go on step by step: `f0`, `f1`, … from one end, `b0`, `b1`, … from the other."""
    first = f"SELECT CAST({begin} AS int) AS node"
    made = [f"{name}0 AS (SELECT ARRAY[node] AS nodes, node, 1.0::float8 AS weight FROM ({first}))"]
    for number, step in enumerate(steps):
        nodes = "p.nodes || e.node" if name == "f" else "e.node || p.nodes"
        made.append(f"""
            {name}{number + 1} AS MATERIALIZED (
                SELECT {nodes} AS nodes, e.node, p.weight * {SHARE} AS weight
                FROM {name}{number} AS p
                CROSS JOIN LATERAL ({heaviest(step, "p.node", breadth)}) AS e
                {sums(step, "p.node", "e.node")}
                ORDER BY weight DESC, e.node LIMIT {breadth}
            )""")
    return made


def heaviest(step: Step, node: str, breadth: int) -> str:
    """List neighbours in the order of an index."""
    near, far = step.sides()
    return f"""
        SELECT {far} AS node, mass FROM derived.edge
        WHERE kind = '{step.edges}' AND {near} = {node}
        ORDER BY mass DESC, {far} LIMIT {breadth}"""


def sums(step: Step, near: str, far: str) -> str:
    """Join what both ends have in all."""
    nodes = zip(("near", "far"), step.sides(), (near, far), strict=True)
    return "".join(
        f"JOIN derived.edge_node AS {name} ON ({name}.kind, {name}.side, {name}.node)"
        f" = ('{step.edges}', '{side}', {node})\n"
        for name, side, node in nodes
    )


def _apart(pattern: Pattern, middle: int) -> str:
    """Let no node stand twice in a path."""
    kinds = [pattern[0].near, *(step.far for step in pattern)]
    nodes = [f"f.nodes[{n + 1}]" for n in range(middle + 1)]
    nodes += [f"b.nodes[{n + 1}]" for n in range(len(pattern) - middle)]
    pairs = combinations(range(len(kinds)), 2)
    same = (f"{nodes[a]} <> {nodes[b]}" for a, b in pairs if kinds[a] == kinds[b])
    return " AND ".join(same) or "true"


def _given(parts: Iterable[str], kinds: Iterable[str]) -> TextClause:
    arrays = (bindparam(kind, type_=ARRAY(Integer)) for kind in kinds)
    return text(" UNION ALL ".join(parts)).bindparams(*arrays)
