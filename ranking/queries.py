"""Ranking's SQL: what a person has seen or bought, what is known of them."""

from typing import Any

from sqlalchemy import ARRAY, Double, Integer, Select, bindparam, cast, extract, select, text

from graph.catalog import Catalog
from graph.queries import column_of
from graph.tables import item
from recall.candidates import Question
from recall.narrowing import allowed
from weft.statements import lasting

SEEN = lasting(
    text("""
SELECT DISTINCT item FROM event
WHERE person = :person AND kind = ANY(:kinds) AND item IS NOT NULL
  AND time > :since AND time <= :until
""")
)
PERSON = lasting(text("SELECT key, attributes FROM person WHERE id = :person"))
NAMED = text("SELECT id FROM item WHERE key = ANY(:keys)")
KEYED = text("SELECT key, id FROM item WHERE key = ANY(:keys)")


def numbers_of(catalog: Catalog, attribute: str) -> Select[Any]:
    """Read a number or a time of `:items` as a number; times are seconds since 1970."""
    own = attribute == item.c.added_at.name
    side = item.c.added_at if own else column_of(attribute, catalog.item[attribute])
    value = side if isinstance(side.type, Double) else cast(extract("epoch", side), Double)
    some = bindparam("items", type_=ARRAY(Integer))
    return select(item.c.id, value.label("value")).where(item.c.id == some.any_())


def newest(catalog: Catalog, question: Question) -> Select[Any]:
    """Give what may be shown, the last that came first; `:left_out` and `:top` come too."""
    chosen = select(item.c.id).where(allowed(catalog, question))
    return chosen.order_by(item.c.id.desc()).limit(bindparam("top", type_=Integer))
