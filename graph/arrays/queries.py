"""SQL that reads edges into arrays."""

from datetime import datetime

from sqlalchemy import TextClause, text

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
ASIDE = "SELECT source, target, mass FROM edge_wanted"
ASIDE_MARGINALS = """
SELECT {side} AS node, count(*)::integer AS degree, sum(mass) AS mass
FROM edge_wanted GROUP BY {side}
"""
ASIDE_SUMS = text("""
SELECT count(*) AS edges, count(DISTINCT source) AS sources, count(DISTINCT target) AS targets,
       coalesce(sum(mass), 0) AS mass
FROM edge_wanted
""")


def events_until(moment: datetime) -> TextClause:
    """Let everybody in this transaction see no later events: temporary names come first."""
    until = f"time <= '{moment.isoformat()}'"
    return text(f"CREATE TEMP VIEW event AS SELECT * FROM public.event WHERE {until}")


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
