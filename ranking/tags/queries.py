"""The SQL of scenes that recommend tags."""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, bindparam, func, literal, select, text

from graph.catalog import Catalog
from graph.tables import item, tag
from recall.candidates import Question
from recall.narrowing import allowed

# What is said of items themselves: what is above that would be everybody's.
OWN_TAGS = text("""
SELECT DISTINCT item.id AS item, tag.id AS tag
FROM item
JOIN item_tag ON item_tag.item = item.id AND NOT item_tag.denied
JOIN tag ON tag.id = item_tag.tag AND tag.id = ANY(item.tag_ids)
WHERE item.id = ANY(:items) AND tag.facet = :facet AND tag.retired_at IS NULL
ORDER BY 1, 2
""")
KEYED = text("SELECT id FROM tag WHERE key = ANY(:keys)")


def with_items(catalog: Catalog, question: Question) -> Select[Any]:
    """Give those of `:tags` that have an item to show; `:left_out` comes too."""
    has = select(item.c.id).where(_has(tag.c.id), allowed(catalog, question))
    chosen = tag.c.id == bindparam("tags", type_=ARRAY(Integer)).any_()
    return select(tag.c.id).where(chosen, has.exists())


def newest_of(catalog: Catalog, question: Question) -> Select[Any]:
    """Give `:most` items of each of `:tags`, the last that came first; `:left_out` comes too."""
    chosen = func.unnest(bindparam("tags", type_=ARRAY(Integer))).table_valued("id").alias("wanted")
    newest = (
        select(item.c.id)
        .where(_has(chosen.c.id))
        .where(allowed(catalog, question))
        .order_by(item.c.id.desc())
        .limit(bindparam("most", type_=Integer))
        .lateral("newest")
    )
    return select(chosen.c.id.label("tag"), newest.c.id.label("item")).join_from(
        chosen, newest, text("true")
    )


def _has(tag_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Hold for items with a tag, or with one below it."""
    one = func.array_append(literal([], ARRAY(Integer)), tag_id)
    return item.c.tag_ids.bool_op("@>")(one)
