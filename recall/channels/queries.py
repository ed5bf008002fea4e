"""SQL of channels: items of tags, and what is bought again."""

from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Double,
    Integer,
    Select,
    Text,
    TextClause,
    bindparam,
    column,
    func,
    literal,
    select,
    table,
    text,
    true,
)

from graph.catalog import Catalog
from graph.tables import item
from graph.where import Where
from recall.narrowing import may_be_found
from recall.queries import add_listed, packed, table_of
from recall.spaces.queries import vectors_of
from weft.statements import lasting
from weft.tables import DERIVED


def fill_tagged(artifact: int, begins: str, ends: str | None, facets: bool) -> TextClause:
    """Rank the items of every tag by how much they are liked and by how new they are."""
    lasting = f'AND (i."{ends}" IS NULL OR i."{ends}" > :moment)' if ends else ""
    only = "WHERE tag.facet = ANY(CAST(:facets AS text[]))" if facets else ""
    return text(f"""
        INSERT INTO {table_of(artifact)} (artifact, context, rank, item, score)
        WITH liked AS (
            SELECT e.item, sum(round((w.weight * exp(greatest(
                -100, -ln(2) * extract(epoch FROM :moment - e.time) / :half_life
            )))::numeric, 9)) AS mass
            FROM event AS e
            JOIN unnest(CAST(:kinds AS text[]), CAST(:weights AS float8[])) AS w(kind, weight)
                 USING (kind)
            WHERE e.time > :moment - :window AND e.time <= :moment AND e.item IS NOT NULL
            GROUP BY e.item
        ),
        worth AS (
            SELECT i.id, i.tag_ids, ln(1 + coalesce(liked.mass, 0)::float8) AS liked,
                   exp(-ln(2) * least(100, greatest(
                       0, extract(epoch FROM :moment - i.{begins}) / :fresh
                   )))::float8 AS fresh
            FROM item AS i LEFT JOIN liked ON liked.item = i.id
            WHERE i.removed_at IS NULL {lasting}
        ),
        scored AS (
            SELECT tag.key, worth.id,
                   (1 - :newness) * liked / greatest(max(liked) OVER of_tag, 1e-9)
                   + :newness * fresh AS score
            FROM worth CROSS JOIN LATERAL unnest(tag_ids) AS own(tag)
            JOIN tag ON tag.id = own.tag {only}
            WINDOW of_tag AS (PARTITION BY tag.key)
        ),
        placed AS (
            SELECT key, id, score,
                   row_number() OVER (PARTITION BY key ORDER BY score DESC, id DESC) AS rank
            FROM scored
        )
        SELECT {artifact}, ARRAY[key], rank, id, score FROM placed
        WHERE rank <= :top ORDER BY key, rank
    """)


def forget_untagged(artifact: int) -> TextClause:
    """Take `:items` out of the lists of tags that they have not."""
    return text(f"""
        DELETE FROM {table_of(artifact)} AS old USING item
        WHERE old.item = item.id AND old.item = ANY(:items) AND NOT EXISTS (
            SELECT FROM tag WHERE tag.id = ANY(item.tag_ids) AND old.context = ARRAY[tag.key])
    """)


def add_tagged(artifact: int, begins: str, facets: bool) -> TextClause:
    """Add `:items` to the lists of their tags, as something that nobody has liked yet."""
    only = "AND tag.facet = ANY(CAST(:facets AS text[]))" if facets else ""
    return add_listed(
        artifact,
        f"""
        SELECT ARRAY[tag.key] AS context, i.id AS item, :newness * exp(-ln(2) * least(
            100, greatest(0, extract(epoch FROM :moment - i.{begins}) / :fresh)))::float8 AS score
        FROM item AS i JOIN tag ON tag.id = ANY(i.tag_ids)
        WHERE i.id = ANY(:items) AND i.removed_at IS NULL {only} AND NOT EXISTS (
            SELECT FROM {table_of(artifact)} AS old
            WHERE old.item = i.id AND old.context = ARRAY[tag.key])
        """,
    )


@lru_cache(maxsize=200)
def fond_of(edges: str) -> TextClause:
    """Give the tags that edges tie to a person, each facet's part of them alike."""
    return lasting(
        text(f"""
        SELECT tag.key, edge.mass / sum(edge.mass) OVER (PARTITION BY tag.facet) AS weight
        FROM derived.edge JOIN tag ON tag.id = edge.target
        WHERE edge.kind = '{edges}' AND edge.source = :person AND tag.retired_at IS NULL
          AND (:any_facet OR tag.facet = ANY(CAST(:facets AS text[])))
        ORDER BY weight DESC, tag.id LIMIT :most
    """)
    )


# What items are believed to be, as somebody said it: what is above these would be everybody's.
TAGS_OF_ITEMS = lasting(
    text("""
SELECT key, sum(weight) / sum(sum(weight)) OVER (PARTITION BY facet) AS weight
FROM (
    SELECT DISTINCT tag.id, tag.key, tag.facet, seed.item, seed.weight
    FROM unnest(CAST(:items AS integer[]), CAST(:weights AS float8[])) AS seed(item, weight)
    JOIN item ON item.id = seed.item
    JOIN item_tag ON item_tag.item = item.id AND NOT item_tag.denied
    JOIN tag ON tag.id = item_tag.tag AND tag.id = ANY(item.tag_ids)
    WHERE tag.retired_at IS NULL
      AND (:any_facet OR tag.facet = ANY(CAST(:facets AS text[])))
) AS believed
GROUP BY id, key, facet ORDER BY weight DESC, id LIMIT :most
""")
)


@lru_cache(maxsize=2000)
def of_tags(artifact: int, catalog: Catalog, where: Where) -> Select[Any]:
    """Add up the lists of `:tags` with `:weights`, `:each` items of each, under a filter."""
    ranked = table(
        f"ranked_{artifact}",
        *map(column, ("context", "rank", "item")),
        column("score", Double),
        schema=DERIVED,
    )
    fond = (
        func.unnest(bindparam("tags", type_=ARRAY(Text)), bindparam("weights", type_=ARRAY(Double)))
        .table_valued(column("key", Text), column("weight", Double))
        .render_derived("fond")
    )
    best = (
        select(ranked.c.item, ranked.c.score)
        .join(item, item.c.id == ranked.c.item)
        .where(ranked.c.context == func.array_append(literal([], ARRAY(Text)), fond.c.key))
        .where(may_be_found(catalog, where))
        .order_by(ranked.c.rank, ranked.c.score.desc())
        .limit(bindparam("each", type_=Integer))
        .lateral("best")
    )
    score = func.sum(fond.c.weight * best.c.score).label("score")
    return packed(
        select(best.c.item, score)
        .select_from(fond)
        .join(best, true())
        .group_by(best.c.item)
        .order_by(score.desc(), best.c.item.desc())
        .limit(bindparam("top", type_=Integer))
    )


def intervals_of(artifact: int) -> str:
    """Name the table that holds an artifact's intervals."""
    return f"{DERIVED}.interval_{artifact}"


def make_intervals(artifact: int) -> TextClause:
    """Make the empty table of an artifact."""
    return text(f"CREATE TABLE {intervals_of(artifact)} (LIKE {DERIVED}.interval INCLUDING ALL)")


def attach_intervals(artifact: int) -> TextClause:
    """Index a filled table and make it part of `derived.interval`."""
    name = intervals_of(artifact)
    return text(f"""
        ALTER TABLE {name} ADD CHECK (artifact = {artifact});
        CREATE UNIQUE INDEX ON {name} (item);
        ANALYZE {name};
        ALTER TABLE {DERIVED}.interval ATTACH PARTITION {name} FOR VALUES IN ({artifact});
    """)


def fill_intervals(artifact: int, group: str | None) -> TextClause:
    """Estimate when items are bought again: their own gaps lean on their group's, these on a prior.

    Means are of logarithms, so that one who came back after years does not count for hundreds.
    """
    grouped = f'i."{group}"::text' if group else "NULL::text"
    return text(f"""
        INSERT INTO {intervals_of(artifact)} (artifact, item, days, chance)
        WITH bought AS (
            SELECT item, person, extract(epoch FROM time - lag(time) OVER (
                       PARTITION BY person, item ORDER BY time))::float8 / 86400 AS gap
            FROM event
            WHERE kind = ANY(CAST(:kinds AS text[])) AND item IS NOT NULL
              AND time > :moment - :window AND time <= :moment
        ),
        by_item AS (
            SELECT item, {grouped} AS grouped, count(DISTINCT person) AS persons,
                   count(DISTINCT person) FILTER (WHERE gap >= :least) AS again,
                   count(*) FILTER (WHERE gap >= :least) AS gaps,
                   coalesce(sum(ln(greatest(gap, :least))) FILTER (WHERE gap >= :least), 0) AS logs
            FROM bought JOIN item AS i ON i.id = bought.item GROUP BY item, grouped
        ),
        of_group AS (
            SELECT grouped, (sum(logs) + :shy * ln(:usual)) / (sum(gaps) + :shy) AS log,
                   (sum(again) + :shy * :rare) / (sum(persons) + :shy) AS chance
            FROM by_item GROUP BY grouped
        )
        SELECT {artifact}, item,
               exp((logs + :shy * of_group.log) / (gaps + :shy)),
               (again + :shy * of_group.chance) / (persons + :shy)
        FROM by_item JOIN of_group ON of_group.grouped IS NOT DISTINCT FROM by_item.grouped
        ORDER BY item
    """)


def due_again(artifact: int, condition: ColumnElement[bool]) -> Select[Any]:
    """Give what a person bought and may need again; the likeliest first, the long overdue last."""
    usual = table(
        f"interval_{artifact}",
        column("item"),
        column("days", Double),
        column("chance", Double),
        schema=DERIVED,
    )
    past = DEALINGS.columns(
        column("item", Integer), column("days", Double), column("logs", Double),
        column("gaps", Integer),
    ).subquery("past")  # fmt: skip
    shy = bindparam("shy", type_=Double)
    logs = past.c.logs + shy * func.ln(usual.c.days, type_=Double)
    own: ColumnElement[float] = func.exp(logs / (past.c.gaps + shy), type_=Double)
    score = (usual.c.chance * own / past.c.days).label("score")
    return (
        select(item.c.id.label("item"), score)
        .select_from(past)
        .join(usual, usual.c.item == past.c.item)
        .join(item, item.c.id == past.c.item)
        .where(past.c.days >= own, usual.c.chance >= bindparam("chance", type_=Double))
        .where(condition)
        .order_by(score.desc(), item.c.id)
        .limit(bindparam("top", type_=Integer))
    )


# Days since the last purchase of each item, and the person's own gaps between purchases.
DEALINGS = text("""
SELECT item,
       extract(epoch FROM :moment - max(time))::float8 / 86400 AS days,
       coalesce(sum(ln(greatest(gap, :least))) FILTER (WHERE gap >= :least), 0)::float8 AS logs,
       count(*) FILTER (WHERE gap >= :least)::integer AS gaps
FROM (
    SELECT item, time, extract(epoch FROM time - lag(time) OVER (
               PARTITION BY item ORDER BY time))::float8 / 86400 AS gap
    FROM event
    WHERE person = :person AND kind = ANY(:kinds) AND item IS NOT NULL
      AND time > :moment - :window AND time <= :moment
) AS bought
GROUP BY item
""").bindparams(bindparam("moment", type_=DateTime(timezone=True)))


NEARNESS = {
    "angle": "1 - (near.e <=> CAST(v AS halfvec))",
    "product": "-(near.e <#> CAST(v AS halfvec))",
}


def nearest_tags(artifact: int, by: Literal["angle", "product"]) -> TextClause:
    """Give the tags of `:facet` that are nearest to any of `:searches`."""
    return text(f"""
        SELECT near.id AS item, max({NEARNESS[by]})::float8 AS score
        FROM {vectors_of(artifact, "tag")} AS near
        JOIN tag ON tag.id = near.id, unnest(CAST(:searches AS text[])) AS search(v)
        WHERE tag.facet = :facet AND tag.retired_at IS NULL AND l2_norm(near.e) > 0
        GROUP BY near.id ORDER BY score DESC, near.id LIMIT :top
    """)
