"""SQL of similar items: what has changed since lists were made, storing them, reading them."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Double,
    Integer,
    Select,
    TextClause,
    bindparam,
    column,
    func,
    select,
    table,
    text,
)

from graph.catalog import Catalog
from graph.queries import offered
from graph.tables import item
from graph.where import Where
from recall.narrowing import may_be_found
from recall.queries import packed
from weft.statements import lasting
from weft.tables import DERIVED

BEFORE = text("""
SELECT id, tables[1] AS table FROM weft.artifact
WHERE step = :step AND section = CAST(:section AS jsonb) AND dropped_at IS NULL
ORDER BY id DESC LIMIT 1
""")
REBUILT = text("SELECT rebuilt FROM derived.edge_kind WHERE kind = :kind")
TOUCHED = text("""
SELECT node FROM derived.edge_node WHERE kind = :kind AND side = :side AND artifact > :since
""")


def table_of(artifact: int) -> str:
    """Name the table that holds an artifact's lists."""
    return f"{DERIVED}.similar_{artifact}"


def make_table(artifact: int) -> TextClause:
    """Make the empty table of an artifact."""
    return text(f"CREATE TABLE {table_of(artifact)} (LIKE {DERIVED}.similar INCLUDING ALL)")


def attach_table(artifact: int) -> TextClause:
    """Index a filled table and make it part of `derived.similar`."""
    name = table_of(artifact)
    return text(f"""
        ALTER TABLE {name} ADD CHECK (artifact = {artifact});
        CREATE UNIQUE INDEX ON {name} (item, rank);
        ANALYZE {name};
        ALTER TABLE {DERIVED}.similar ATTACH PARTITION {name} FOR VALUES IN ({artifact});
    """)


def count_table(artifact: int) -> TextClause:
    """Count rows and lists."""
    return text(f"SELECT count(*) AS rows, count(DISTINCT item) AS items FROM {table_of(artifact)}")


def keep_lists(artifact: int, before: int) -> TextClause:
    """Take over the lists of an earlier artifact, but those of some items."""
    return text(f"""
        INSERT INTO {table_of(artifact)} (artifact, item, rank, other, score)
        SELECT {artifact}, item, rank, other, score FROM {table_of(before)}
        WHERE NOT item = ANY(CAST(:due AS integer[])) ORDER BY item, rank
    """)


def copy_lists(artifact: int) -> str:
    """COPY lists that arrive as PostgreSQL's own bytes."""
    return f"COPY {table_of(artifact)} (artifact, item, rank, other, score) FROM STDIN BINARY"


def offered_at(catalog: Catalog, moment: datetime) -> Select[Any]:
    """Give the items that have not ended and are not removed; some may not have begun."""
    lasting = catalog.model_copy(
        update={"lifetime": catalog.lifetime.model_copy(update={"begins": None})}
    )
    return select(item.c.id).where(offered(lasting, moment))


@lru_cache(maxsize=200)
def all_like_these(artifact: int) -> TextClause:
    """Add up lists of `:items` with `:weights`, whatever may be found."""
    return lasting(
        text(f"""
        SELECT string_agg(int4send(item), ''), string_agg(float8send(score), '')
        FROM (SELECT lists.other AS item, sum(lists.score * seed.weight)::float8 AS score
              FROM unnest(CAST(:items AS integer[]), CAST(:weights AS float8[]))
                   AS seed(item, weight)
              JOIN {table_of(artifact)} AS lists USING (item)
              GROUP BY lists.other ORDER BY score DESC, lists.other) AS found
    """)
    )


@lru_cache(maxsize=2000)
def like_these(artifact: int, catalog: Catalog, where: Where) -> Select[Any]:
    """Add up lists, under a filter; `:items`, `:weights`, `:top` and what narrows come later."""
    lists = table(
        f"similar_{artifact}",
        column("item"),
        column("other"),
        column("score", Double),
        schema=DERIVED,
    )
    seeds = (
        func.unnest(
            bindparam("items", type_=ARRAY(Integer)), bindparam("weights", type_=ARRAY(Double))
        )
        .table_valued(column("item", Integer), column("weight", Double))
        .render_derived("seed")
    )
    score = func.sum(lists.c.score * seeds.c.weight).label("score")
    return packed(
        select(item.c.id.label("item"), score)
        .select_from(seeds)
        .join(lists, lists.c.item == seeds.c.item)
        .join(item, item.c.id == lists.c.other)
        .where(may_be_found(catalog, where))
        .group_by(item.c.id)
        .order_by(score.desc(), item.c.id)
        .limit(bindparam("top", type_=Integer))
    )
