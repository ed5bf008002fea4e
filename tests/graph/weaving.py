"""Edges put straight into the tables, as the steps of the graph would leave them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

Edge = tuple[int, int, float]
NOW = datetime(2026, 5, 1, tzinfo=UTC)
FACTS = """
INSERT INTO item (id, key, title) SELECT n, 'i' || n, 'Item ' || n FROM generate_series(1, :item) n;
INSERT INTO person (id, key) SELECT n, 'p' || n FROM generate_series(1, :person) n;
INSERT INTO tag (id, key, facet) SELECT n, 't' || n, 'kind' FROM generate_series(1, :tag) n;
INSERT INTO word (id, normal, text)
SELECT n, 'w' || n, 'Word ' || n FROM generate_series(1, :keyword) n;
INSERT INTO value (id, attribute, text)
SELECT n, 'city', 'v' || n FROM generate_series(1, :value) n
"""
PARTITION = """
CREATE TABLE derived.edge_{kind} PARTITION OF derived.edge FOR VALUES IN ('{kind}');
CREATE UNIQUE INDEX ON derived.edge_{kind} (source, target);
CREATE INDEX ON derived.edge_{kind} (source, mass DESC, target);
CREATE INDEX ON derived.edge_{kind} (target, mass DESC, source)
"""
ADD = text("INSERT INTO derived.edge VALUES (:kind, :source, :target, :mass, 1)")
SUM = """
INSERT INTO derived.edge_node (kind, side, node, mass, degree, artifact)
SELECT kind, 'source', source, sum(mass), count(*), 1
FROM derived.edge WHERE kind = '{kind}' GROUP BY kind, source
UNION ALL
SELECT kind, 'target', target, sum(mass), count(*), 1
FROM derived.edge WHERE kind = '{kind}' GROUP BY kind, target
"""
WHOLE = text("""
INSERT INTO derived.edge_kind (kind, source, target, weight, half_life, landmark, moment,
                               edges, sources, targets, mass, way, artifact, rebuilt)
SELECT :kind, :source, :target, :weight, :half_life, :landmark, :moment, count(*),
       count(DISTINCT source), count(DISTINCT target), coalesce(sum(mass), 0), '', 1, 1
FROM derived.edge WHERE kind = :kind
""")


def add_nodes(engine: Engine, **counts: int) -> None:
    """Add so many nodes of each kind, with ids from 1 on."""
    usual = dict.fromkeys(("item", "person", "tag", "keyword", "value"), 0)
    with engine.begin() as connection:
        for statement in FACTS.split(";"):
            connection.execute(text(statement), usual | counts)


def weave(
    engine: Engine, kind: str, ends: tuple[str, str], edges: Sequence[Edge], **about: Any
) -> None:
    """Add edges of one kind, with all that is kept about them."""
    usual: Mapping[str, Any] = {
        "weight": "count", "half_life": None, "landmark": NOW, "moment": NOW,
    }  # fmt: skip
    rows = [{"kind": kind, "source": s, "target": t, "mass": m} for s, t, m in edges]
    with engine.begin() as connection:
        connection.execute(text(PARTITION.format(kind=kind)))
        if rows:
            connection.execute(ADD, rows)
        sum_up(connection, kind, ends, {**usual, **about})


def sum_up(
    connection: Connection, kind: str, ends: tuple[str, str], about: Mapping[str, Any]
) -> None:
    """Keep what edges sum up to."""
    connection.execute(text(SUM.format(kind=kind)))
    values = {"kind": kind, "source": ends[0], "target": ends[1], **about}
    connection.execute(WHOLE, values)
