"""SQL that reads edges into arrays."""

from sqlalchemy import text

FACTS = {"item": "item", "person": "person", "tag": "tag", "keyword": "word", "value": "value"}
USED = {"item": "removed_at IS NULL", "tag": "redirect IS NULL AND retired_at IS NULL"}
KINDS = text("""
SELECT kind AS name, source, target, weight, half_life, landmark, moment, edges,
       sources, targets, mass
FROM derived.edge_kind ORDER BY kind
""")
MARGINALS = """
SELECT node, degree, mass FROM derived.edge_node
WHERE kind = '{kind}' AND side = '{side}' AND degree > 0
"""
EDGES = "SELECT source, target, mass FROM derived.edge WHERE kind = '{kind}'"


def ids(kind: str) -> str:
    """Give the ids of all nodes of a kind in rising order."""
    return f"SELECT id FROM {FACTS[kind]} ORDER BY id"


def used(kind: str) -> str:
    """Give the ids of the nodes of a kind that are neither removed nor retired."""
    return f"SELECT id FROM {FACTS[kind]} WHERE {USED.get(kind, 'true')} ORDER BY id"


def edges(kind: str) -> str:
    return EDGES.format(kind=kind)


def marginals(kind: str, side: str) -> str:
    return MARGINALS.format(kind=kind, side=side)


def copy_out(select: str) -> str:
    return f"COPY ({select}) TO STDOUT (FORMAT binary)"
