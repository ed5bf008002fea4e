"""The SQL of search: the inverted list, tags by name, vectors, each under a filter."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Double,
    Integer,
    Select,
    TextClause,
    TextualSelect,
    bindparam,
    select,
    text,
)

from graph.tables import item
from recall.spaces.queries import vectors_of
from weft.tables import DERIVED


def table_of(artifact: int) -> str:
    """Name the table that holds an artifact's inverted list."""
    return f"{DERIVED}.posting_{artifact}"


def make_postings(artifact: int) -> TextClause:
    """Make the empty inverted list: a row for each term."""
    name = table_of(artifact)
    return text(f"""
        CREATE TABLE {name} (term text, worth real, items integer[], shares real[]);
        COMMENT ON TABLE {name} IS 'BM25F: an item scores the sum of worth * share of its terms.'
    """)


def index_postings(artifact: int) -> TextClause:
    """Index a filled list."""
    name = table_of(artifact)
    return text(f"ALTER TABLE {name} ADD PRIMARY KEY (term); ANALYZE {name}")


def written(columns: Sequence[str]) -> TextClause:
    """Give all that is written of items that are offered: title, names of tags, attributes."""
    more = "".join(
        f""", array_to_string(ARRAY[i."{name}"], ' , ') AS "{name}" """ for name in columns
    )
    return text(f"""
        WITH named AS (
            SELECT tag, string_agg(DISTINCT text, ' , ') AS text FROM tag_label
            WHERE kind <> 'hidden' GROUP BY tag
        ), tagged AS (
            SELECT said.item, string_agg(named.text, ' , ' ORDER BY tag) AS text
            FROM (SELECT DISTINCT item, tag FROM item_tag WHERE NOT denied) AS said
            JOIN named USING (tag) JOIN item ON item.id = said.item AND tag = ANY(item.tag_ids)
            GROUP BY said.item
        )
        SELECT i.id, i.title, tagged.text AS tags{more}
        FROM item AS i LEFT JOIN tagged ON tagged.item = i.id
        WHERE i.removed_at IS NULL ORDER BY i.id
    """)


NAMED = text("""
SELECT l.normal AS form, coalesce(t.redirect, t.id) AS tag
FROM tag_label AS l JOIN tag AS t ON t.id = l.tag
WHERE l.normal = ANY(:forms) AND t.retired_at IS NULL
ORDER BY l.normal, t.id
""")


def by_terms(artifact: int) -> TextualSelect:
    """Score items by `:terms`, up to 1."""
    return _scored(f"""
        SELECT u.item, sum(p.worth * u.share)::float8 / max(whole.worth)::float8 AS score
        FROM {table_of(artifact)} AS p, unnest(p.items, p.shares) AS u(item, share),
             (SELECT sum(worth) AS worth FROM {table_of(artifact)} WHERE term = ANY(:terms))
                 AS whole
        WHERE p.term = ANY(:terms) GROUP BY u.item
    """)


def by_tags() -> TextualSelect:
    """Score items by `:tags`, of which those of one mention in `:mentions` stand for each other."""
    return _scored("""
        SELECT item, sum(weight) AS score FROM (
            SELECT DISTINCT i.id AS item, n.mention, n.weight
            FROM unnest(
                CAST(:tags AS integer[]), CAST(:mentions AS integer[]), CAST(:weights AS float8[])
            ) AS n(tag, mention, weight)
            JOIN item AS i ON i.tag_ids @> ARRAY[n.tag]
        ) AS met GROUP BY item
    """)


def near_to(artifact: int) -> TextualSelect:
    """Score the items of `:only` by the cosine with `:vector`."""
    return _scored(f"""
        SELECT id AS item, -(e <#> CAST(:vector AS halfvec)) AS score
        FROM {vectors_of(artifact, "item")} WHERE id = ANY(CAST(:only AS integer[]))
    """)


def found(scored: TextualSelect, condition: ColumnElement[bool]) -> Select[Any]:
    """Give the best items of a scoring under a condition; `:left_out` and `:top` come later."""
    scores = scored.cte("scored")
    return (
        select(scores.c.item, scores.c.score)
        .join(item, item.c.id == scores.c.item)
        .where(condition)
        .order_by(scores.c.score.desc(), scores.c.item)
        .limit(bindparam("top", type_=Integer))
    )


def among(scored: TextualSelect) -> Select[Any]:
    """Score the items of `:only`."""
    scores = scored.cte("scored")
    only = bindparam("only", type_=ARRAY(Integer))
    return select(scores.c.item, scores.c.score).where(scores.c.item == only.any_())


def _scored(query: str) -> TextualSelect:
    return text(query).columns(item=Integer, score=Double)
