"""The SQL of estimates: filters in words that PostgreSQL's statistics know."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    any_,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from graph.catalog import Catalog
from graph.queries import Condition, clause, column_of, offered
from graph.tables import item, tag
from graph.where import All, Either, Not, Test, Where


def tags_of(keys: Sequence[str]) -> Select[Any]:
    """Give the ids that keys of tags stand for."""
    meant = func.coalesce(tag.c.redirect, tag.c.id).label("id")
    return select(tag.c.key, meant).where(tag.c.key == any_(literal(list(keys), ARRAY(Text))))


def counted(catalog: Catalog, where: Where, moment: datetime, tags: Mapping[str, int]) -> Any:
    """Select what a filter lets through, in words that PostgreSQL's statistics know."""
    likely = _likely(where, catalog, tags)
    return select(item.c.id).where(offered(catalog, moment), likely)


def _likely(where: Where, catalog: Catalog, tags: Mapping[str, int]) -> Condition:
    """Turn a filter into a condition whose values are there to be looked up in statistics."""
    match where:
        case Test(verb="under", value=key):
            return _overlap(item.c.tag_ids, literal([tags.get(key, 0)], ARRAY(Integer)))
        case Test(verb="eq" | "in") if catalog.item[where.attribute].type == "tag":
            return _tagged(where, catalog)
        case Test():
            return clause(where, catalog)
        case All(parts=parts):
            return and_(true(), *(_likely(p, catalog, tags) for p in parts))
        case Either(parts=parts):
            return or_(false(), *(_likely(p, catalog, tags) for p in parts))
        case Not(part=part):
            return _likely(part, catalog, tags).is_not(true())


def _tagged(test: Test, catalog: Catalog) -> Condition:
    attribute = catalog.item[test.attribute]
    side = column_of(test.attribute, attribute)
    keys = literal([test.value] if test.verb == "eq" else list(test.value), ARRAY(Text))
    return _overlap(side, keys) if attribute.many else side == any_(keys)


def _overlap(side: ColumnElement[Any], values: ColumnElement[Any]) -> Condition:
    return side.bool_op("&&")(values)
