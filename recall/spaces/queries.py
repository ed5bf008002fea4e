"""The SQL of spaces: storing vectors, and reading what persons did."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import TextClause, text

from graph.arrays.queries import FACTS
from weft.tables import DERIVED

SEARCHED = ("item", "tag", "keyword")  # kinds that nearest neighbours are looked for among


def vectors_of(artifact: int, kind: str = "") -> str:
    """Name the table that holds an artifact's vectors, all or of one kind."""
    return f"{DERIVED}.vector_{artifact}" + (f"_{kind}" if kind else "")


def make_vectors(artifact: int) -> TextClause:
    """Make the empty table of an artifact, to be filled kind by kind."""
    return text(f"""
        CREATE TABLE {vectors_of(artifact)} (LIKE {DERIVED}.vector INCLUDING ALL)
        PARTITION BY LIST (kind)
    """)


def make_kind_of_vectors(artifact: int, kind: str) -> TextClause:
    """Make the empty table of one kind of node."""
    name = vectors_of(artifact, kind)
    return text(f"CREATE TABLE {name} (LIKE {DERIVED}.vector INCLUDING ALL)")


def copy_vectors(table: str) -> str:
    """COPY vectors that arrive as PostgreSQL's own bytes."""
    return f"COPY {table} (artifact, kind, id, e) FROM STDIN (FORMAT binary)"


def index_vectors(artifact: int, kind: str, dim: int) -> TextClause:
    """Index a filled table and make it part of its artifact's."""
    name = vectors_of(artifact, kind)
    nearest = f"CREATE INDEX ON {name} USING hnsw ((e::halfvec({dim})) halfvec_ip_ops);"
    return text(f"""
        ALTER TABLE {name} ADD CHECK (artifact = {artifact}), ADD CHECK (kind = '{kind}');
        CREATE UNIQUE INDEX ON {name} (id);
        {nearest if kind in SEARCHED else ""}
        ANALYZE {name};
        ALTER TABLE {vectors_of(artifact)} ATTACH PARTITION {name} FOR VALUES IN ('{kind}');
    """)


def attach_vectors(artifact: int) -> TextClause:
    """Make a filled table part of `derived.vector`."""
    return text(f"""
        ALTER TABLE {vectors_of(artifact)} ADD CHECK (artifact = {artifact});
        ALTER TABLE {DERIVED}.vector
            ATTACH PARTITION {vectors_of(artifact)} FOR VALUES IN ({artifact});
    """)


def by_value(artifact: int, number: int | None = None) -> str:
    """Name the table of item vectors by the value of an attribute, or that of one value."""
    return f"{DERIVED}.vector_{artifact}_by" + ("" if number is None else f"_{number}")


def make_by_value(artifact: int, dim: int) -> TextClause:
    """Make the empty table of vectors by value."""
    return text(f"""
        CREATE TABLE {by_value(artifact)} (value text NOT NULL, id integer NOT NULL,
            e halfvec({dim}) NOT NULL) PARTITION BY LIST (value)
    """)


def frequent_values(artifact: int, attribute: str) -> TextClause:
    """Give the values that `:fewest` items with vectors have, the most frequent first."""
    return text(f"""
        SELECT "{attribute}" FROM item JOIN {vectors_of(artifact, "item")} USING (id)
        WHERE "{attribute}" IS NOT NULL GROUP BY 1 HAVING count(*) >= :fewest
        ORDER BY count(*) DESC, 1 LIMIT :most
    """)


def fill_value(artifact: int, number: int, attribute: str, value: str) -> TextClause:
    """Copy the vectors of one value into a table of their own, indexed after it is filled."""
    name, word = by_value(artifact, number), value.replace("'", "''").replace(":", "\\:")
    return text(f"""
        CREATE TABLE {name} (LIKE {by_value(artifact)});
        INSERT INTO {name} SELECT "{attribute}", id, e
        FROM item JOIN {vectors_of(artifact, "item")} USING (id)
        WHERE "{attribute}" = '{word}' ORDER BY id;
        CREATE INDEX ON {name} USING hnsw (e halfvec_ip_ops);
        CREATE INDEX ON {name} (id);
        ANALYZE {name};
        ALTER TABLE {by_value(artifact)} ATTACH PARTITION {name} FOR VALUES IN ('{word}');
    """)


def forget_newcomers_by_value(artifact: int) -> TextClause:
    """Drop some nodes that came since, to be added again."""
    return text(f"DELETE FROM {by_value(artifact)} WHERE id = ANY(:ids)")


def add_newcomers_by_value(artifact: int, attribute: str) -> TextClause:
    """Add some nodes that came since to the tables of the values that have one."""
    return text(f"""
        INSERT INTO {by_value(artifact)} SELECT "{attribute}", id, e
        FROM item JOIN {vectors_of(artifact, "item")} USING (id)
        WHERE id = ANY(:ids) AND "{attribute}" IN (SELECT value FROM {by_value(artifact)})
    """)


def newcomers(kind: str) -> TextClause:
    """Give the ids past those that were learned."""
    return text(f"SELECT id FROM {FACTS[kind]} WHERE id > :learned ORDER BY id")


def forget_newcomers(artifact: int, kind: str) -> TextClause:
    """Drop the vectors of some nodes that came since, to be made again."""
    return text(f"DELETE FROM {vectors_of(artifact, kind)} WHERE id = ANY(:ids)")


LEARNED = text("""
SELECT value::integer FROM weft.metric WHERE artifact = :artifact AND name = 'item.vectors'
""")


def among_kin(artifact: int, tagged: str) -> TextClause:
    """Give the mean of the learned items that share most with each of `:ids`, and their length.

    What they share counts the more, the fewer items have it; each tag gives `:each` items.
    """
    return text(f"""
        WITH shared AS (
            SELECT own.source AS id, other.source AS kin,
                   sum(1 / ln(2 + tag.degree)) AS worth
            FROM {DERIVED}.edge AS own
            JOIN {DERIVED}.edge_node AS tag
                ON (tag.kind, tag.side, tag.node) = ('{tagged}', 'target', own.target)
            CROSS JOIN LATERAL (
                SELECT source FROM {DERIVED}.edge
                WHERE kind = '{tagged}' AND target = own.target AND source <= :learned
                ORDER BY mass DESC, source DESC LIMIT :each) AS other
            WHERE own.kind = '{tagged}' AND own.source = ANY(:ids)
            GROUP BY own.source, other.source
        ), nearest AS (
            SELECT id, kin,
                   row_number() OVER (PARTITION BY id ORDER BY worth DESC, kin DESC) AS place
            FROM shared
        )
        SELECT nearest.id, avg(e)::real[] AS mean, avg(l2_norm(e)) AS length
        FROM nearest JOIN {vectors_of(artifact, "item")} AS vector ON vector.id = nearest.kin
        WHERE place <= :most GROUP BY nearest.id ORDER BY nearest.id
    """)


def ties_of(name: str, both: bool, ids: Sequence[int], known: int) -> str:
    """Give the edges between new nodes and known ones; `~` goes them backwards."""
    kind, ways = name.removeprefix("~"), []
    if both or not name.startswith("~"):
        ways.append(("source", "target"))
    if both or name.startswith("~"):
        ways.append(("target", "source"))
    some = "{" + ",".join(map(str, ids)) + "}"
    return " UNION ALL ".join(
        f"SELECT {new} AS source, {old} AS target, weight::real FROM live.edge "
        f"WHERE kind = '{kind}' AND {new} = ANY('{some}'::integer[]) AND {old} <= {known}"
        for new, old in ways
    )


def steps(positive: Mapping[str, float], until: datetime) -> str:
    """Give what persons did to items, each person's steps in order."""
    return f"""
        SELECT e.person, e.item, extract(epoch FROM e.time)::float8 AS time, {_weight(positive)},
               (e.kind = 'purchase')::int AS bought
        FROM event AS e
        WHERE {_positive(positive)} AND e.time <= '{until.isoformat()}'
        ORDER BY e.person, e.time, e.id
    """


def liked_between(positive: Mapping[str, float], since: datetime, until: datetime) -> str:
    """Give which persons did something to which items, each pair once."""
    return f"""
        SELECT DISTINCT e.person, e.item FROM event AS e
        WHERE {_positive(positive)}
          AND e.time > '{since.isoformat()}' AND e.time <= '{until.isoformat()}'
    """


def values_of(attribute: str) -> str:
    """Number the values of an attribute, item by item."""
    return f"""
        SELECT id, (dense_rank() OVER (ORDER BY "{attribute}"))::int
        FROM item WHERE "{attribute}" IS NOT NULL
    """


def texts_of(kind: str) -> TextClause:
    """Give what nodes are called, the preferred names of a tag first."""
    return text(
        {
            "item": "SELECT id, title AS text FROM item ORDER BY id",
            "keyword": "SELECT id, text FROM word ORDER BY id",
            "tag": """
            SELECT tag AS id, text FROM tag_label WHERE kind <> 'hidden'
            ORDER BY tag, kind, language, text
        """,
        }[kind]
    )


def _positive(positive: Mapping[str, float]) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in positive)
    return f"e.item IS NOT NULL AND e.kind IN ({kinds})"


def _weight(positive: Mapping[str, float]) -> str:
    cases = " ".join(f"WHEN '{kind}' THEN {weight!r}" for kind, weight in positive.items())
    return f"(CASE e.kind {cases} END)::float8 AS weight"
