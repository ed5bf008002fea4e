"""The graph's SQL: filters as conditions on `item`, and columns for declared attributes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnClause,
    ColumnElement,
    DateTime,
    Double,
    Text,
    and_,
    column,
    false,
    func,
    literal,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.types import TypeEngine

from graph.catalog import Attribute, Catalog
from graph.tables import item, tag
from graph.where import All, Either, Not, Test, Where

TYPES: dict[str, TypeEngine[Any]] = {
    "tag": Text(),
    "keyword": Text(),
    "text": Text(),
    "number": Double(),
    "time": DateTime(timezone=True),
    "boolean": Boolean(),
}
Condition = ColumnElement[bool]


def clause(where: Where, catalog: Catalog) -> Condition:
    """Turn a filter into a condition on `item`; a test of what is missing does not hold."""
    match where:
        case Test():
            return _test(where, catalog.item[where.attribute])
        case All(parts=parts):
            return and_(true(), *(clause(p, catalog) for p in parts))
        case Either(parts=parts):
            return or_(false(), *(clause(p, catalog) for p in parts))
        case Not(part=part):
            return clause(part, catalog).is_not(true())


def column_of(name: str, attribute: Attribute) -> ColumnElement[Any]:
    """Give the generated column of a declared attribute, as part of `item`."""
    kind = TYPES[attribute.type]
    made: ColumnClause[Any] = column(name, ARRAY(kind) if attribute.many else kind)
    made.table = item
    return made


def _test(test: Test, attribute: Attribute) -> Condition:
    side = column_of(test.attribute, attribute)
    if test.verb == "exists":
        return side.is_not(None) if test.value else side.is_(None)
    if test.verb == "under":
        return _under(attribute, test.value)
    if attribute.many:
        values = [test.value] if test.verb == "eq" else list(test.value)
        return _overlap(side, literal(values, ARRAY(Text)))
    return COMPARE[test.verb](side, test.value)


def _under(attribute: Attribute, key: str) -> Condition:
    """Hold for a tag and everything below it: `tag_ids` carries all that is broader."""
    facet = getattr(attribute, "facet", None)
    wanted = select(tag.c.id).where(tag.c.key == key, tag.c.facet == facet)
    return _overlap(item.c.tag_ids, func.array(wanted.scalar_subquery()))


def _overlap(side: ColumnElement[Any], values: ColumnElement[Any]) -> Condition:
    return side.bool_op("&&")(values)


COMPARE: dict[str, Callable[[ColumnElement[Any], Any], Condition]] = {
    "eq": lambda side, value: side == value,
    "in": lambda side, value: side.in_(value),
    "gt": lambda side, value: side > value,
    "gte": lambda side, value: side >= value,
    "lt": lambda side, value: side < value,
    "lte": lambda side, value: side <= value,
}


def offered(catalog: Catalog, moment: datetime) -> Condition:
    """Hold for items that may be shown at a moment: begun, not ended, not removed."""
    begins, ends = catalog.lifetime.begins, catalog.lifetime.ends
    parts: list[Condition] = [item.c.removed_at.is_(None)]
    if begins:
        side = column_of(begins, catalog.item[begins])
        parts.append(or_(side.is_(None), side <= moment))
    if ends:
        side = column_of(ends, catalog.item[ends])
        parts.append(or_(side.is_(None), side > moment))
    return and_(*parts)


DECLARED_COLUMNS = text("""
SELECT attname, col_description(attrelid, attnum) FROM pg_attribute
WHERE attrelid = to_regclass(:table) AND attnum > 0 AND NOT attisdropped
    AND col_description(attrelid, attnum) LIKE :mark
""")
INDEXES = text("""
SELECT indexname FROM pg_indexes
WHERE schemaname = 'public' AND tablename = :table AND indexname LIKE :prefix
""")


def alter(table: str, drop: list[str], add: dict[str, str]) -> str:
    """Drop and add columns in one rewrite of the table."""
    parts = [f'DROP COLUMN "{name}"' for name in drop]
    parts += [f'ADD COLUMN "{name}" {definition}' for name, definition in add.items()]
    return f"ALTER TABLE {table} {', '.join(parts)}"


def comment_on(table: str, column: str, comment: str) -> str:
    return f"COMMENT ON COLUMN {table}.\"{column}\" IS '{comment}'"


def make_index(table: str, name: str, column: str, many: bool) -> str:
    """Index a filter: lists by element, single values in the order of pages."""
    method = f'gin ("{column}")' if many else f'btree ("{column}", id)'
    return f'CREATE INDEX "{name}" ON {table} USING {method}'


def drop_index(name: str) -> str:
    return f'DROP INDEX IF EXISTS "{name}"'


def watch(table: str, column: str) -> str:
    """Let the planner know a filter's values well."""
    return f'ALTER TABLE {table} ALTER COLUMN "{column}" SET STATISTICS 1000'


def analyze(table: str) -> str:
    return f"ANALYZE {table}"
