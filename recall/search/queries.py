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


FORGET_OUTDATED = text("""
DELETE FROM derived.posting_newer WHERE artifact IN (
    SELECT id FROM weft.artifact WHERE dropped_at IS NOT NULL)
""")
FORGET_NEWER = text("""
DELETE FROM derived.posting_newer WHERE artifact = :artifact AND item = ANY(:items)
""")
ADD_NEWER = text("""
INSERT INTO derived.posting_newer (artifact, item, terms, shares, worths)
VALUES (:artifact, :item, :terms, CAST(:shares AS real[]), CAST(:worths AS real[]))
""")


def known_terms(artifact: int) -> TextClause:
    """Give those of `:terms` that an inverted list has."""
    return text(f"SELECT term FROM {table_of(artifact)} WHERE term = ANY(:terms)")


def written(columns: Sequence[str], some: bool = False) -> TextClause:
    """Give all that is written of items that are offered: title, names of tags, attributes."""
    only = "AND i.id = ANY(:items)" if some else ""
    said = "WHERE item = ANY(:items) AND NOT denied" if some else "WHERE NOT denied"
    more = "".join(
        f""", array_to_string(ARRAY[i."{name}"], ' , ') AS "{name}" """ for name in columns
    )
    return text(f"""
        WITH named AS (
            SELECT tag, string_agg(DISTINCT text, ' , ') AS text FROM tag_label
            WHERE kind <> 'hidden' GROUP BY tag
        ), tagged AS (
            SELECT said.item, string_agg(named.text, ' , ' ORDER BY tag) AS text
            FROM (SELECT DISTINCT item, tag FROM item_tag {said}) AS said
            JOIN named USING (tag) JOIN item ON item.id = said.item AND tag = ANY(item.tag_ids)
            GROUP BY said.item
        )
        SELECT i.id, i.title, tagged.text AS tags{more}
        FROM item AS i LEFT JOIN tagged ON tagged.item = i.id
        WHERE i.removed_at IS NULL {only} ORDER BY i.id
    """)


NAMED = text("""
SELECT l.normal AS form, coalesce(t.redirect, t.id) AS tag
FROM tag_label AS l JOIN tag AS t ON t.id = l.tag
WHERE l.normal = ANY(:forms) AND t.retired_at IS NULL
ORDER BY l.normal, t.id
""")


def by_terms(artifact: int) -> TextualSelect:
    """Score items by `:terms`, up to 1; items that came or changed since by what is newer."""
    return _scored(f"""
        WITH posted AS MATERIALIZED (
            SELECT term, worth, items, shares FROM {table_of(artifact)} WHERE term = ANY(:terms)
        ), newer AS MATERIALIZED (
            SELECT n.item, u.term, u.share, coalesce(posted.worth, u.worth) AS worth
            FROM derived.posting_newer AS n
            CROSS JOIN LATERAL unnest(n.terms, n.shares, n.worths) AS u(term, share, worth)
            LEFT JOIN posted ON posted.term = u.term
            WHERE n.artifact = {artifact} AND n.terms && CAST(:terms AS text[])
                AND u.term = ANY(:terms)
        ), whole AS (
            SELECT sum(worth) AS worth FROM (
                SELECT term, worth FROM posted
                UNION ALL SELECT term, max(worth) FROM newer
                WHERE term NOT IN (SELECT term FROM posted) GROUP BY term) AS terms
        )
        SELECT u.item, sum(p.worth * u.share)::float8 / (SELECT worth FROM whole)::float8 AS score
        FROM posted AS p, unnest(p.items, p.shares) AS u(item, share)
        WHERE u.item NOT IN (SELECT item FROM derived.posting_newer WHERE artifact = {artifact})
        GROUP BY u.item
        UNION ALL
        SELECT item, sum(worth * share)::float8 / (SELECT worth FROM whole)::float8
        FROM newer GROUP BY item
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
