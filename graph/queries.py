"""The graph's SQL: filters, columns for declared attributes; reading items, tags, persons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    ColumnClause,
    ColumnElement,
    DateTime,
    Double,
    Integer,
    Select,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    column,
    false,
    func,
    literal,
    or_,
    select,
    text,
    true,
    tuple_,
    union,
)
from sqlalchemy.types import TypeEngine

from graph.catalog import Attribute, Catalog
from graph.meaning import Meaning
from graph.tables import item, item_tag, person, tag, tag_label, tag_relation
from graph.where import All, Either, Not, Test, Where
from weft.statements import lasting

TYPES: dict[str, TypeEngine[Any]] = {
    "tag": Text(),
    "keyword": Text(),
    "text": Text(),
    "number": Double(),
    "time": DateTime(timezone=True),
    "boolean": Boolean(),
}
TAGS = "*"  # no attribute is called so
Condition = ColumnElement[bool]
_named = tag.alias("named")
_target = func.coalesce(_named.c.redirect, _named.c.id)
_same = or_(tag.c.id == _target, tag.c.redirect == _target)


@dataclass(frozen=True)
class Order:
    """How items are listed: by `key`, by `id` (their arrival) or by a declared attribute."""

    by: str
    descending: bool = False


@dataclass(frozen=True)
class Place:
    """Where a listing goes on: behind this value and, among equals, behind this id."""

    value: Any
    id: int


def clause(where: Where, catalog: Catalog, meaning: Meaning | None = None) -> Condition:
    """Turn a filter into a condition on `item`; a test of what is missing does not hold.

    The condition looks merged tags up, unless it is known what the filter's tags mean.
    """
    match where:
        case Test():
            return _test(where, catalog.item[where.attribute], meaning)
        case All(parts=parts):
            return and_(true(), *(clause(p, catalog, meaning) for p in parts))
        case Either(parts=parts):
            return or_(false(), *(clause(p, catalog, meaning) for p in parts))
        case Not(part=part):
            return clause(part, catalog, meaning).is_not(true())


def column_of(name: str, attribute: Attribute, table: Table = item) -> ColumnElement[Any]:
    """Give the generated column of a declared attribute."""
    kind = TYPES[attribute.type]
    made: ColumnClause[Any] = column(name, ARRAY(kind) if attribute.many else kind)
    made.table = table
    return made


def list_items(
    catalog: Catalog, where: Where, order: Order, after: Place | None, missing: bool, top: int
) -> Select[Any]:
    """List offered items in order; those without the value are a listing of their own."""
    by = _order_column(catalog, order)
    keys = _keys(by, missing)
    statement = _items(catalog).where(*_listed(catalog, where))
    statement = statement.where(by.is_(None) if missing else by.is_not(None))
    if after is not None:
        statement = statement.where(_behind(keys, after, order.descending))
    return statement.order_by(*(k.desc() if order.descending else k for k in keys)).limit(top)


def count_items(catalog: Catalog, where: Where) -> Select[Any]:
    return select(func.count()).select_from(item).where(*_listed(catalog, where))


def item_by_key(catalog: Catalog, key: str) -> Select[Any]:
    return _items(catalog).where(item.c.key == key)


@lru_cache(maxsize=100)
def items_by_id(catalog: Catalog) -> Select[Any]:
    return lasting(_items(catalog).where(_some(item.c.id)))


@dataclass(frozen=True)
class Shown:
    """A statement that reads items with tags of them, and what its columns are called."""

    statement: Select[Any]
    names: tuple[str, ...]


@lru_cache(maxsize=1000)
def items_shown(catalog: Catalog, wanted: frozenset[str]) -> Shown:
    """Read items by id; beside them, as JSON, the tags of wanted attributes or all (`TAGS`)."""
    declared = [(n, a) for n, a in catalog.item.items() if n in wanted and a.type == "tag"]
    beside = [_tags_named(n, a).label(beside_name(n)) for n, a in declared]
    beside += [_tags_given().label(beside_name(TAGS))] if TAGS in wanted else []
    statement = items_by_id(catalog).add_columns(*beside)
    return Shown(lasting(statement), tuple(statement.selected_columns.keys()))


def beside_name(name: str) -> str:
    """Name the column of the tags of an attribute, or of all."""
    return f"{name} tags"


def person_by_key(catalog: Catalog, key: str) -> Select[Any]:
    declared = [column_of(name, a, person).label(name) for name, a in catalog.user.items()]
    return select(person.c.key, person.c.added_at, *declared).where(person.c.key == key)


PERSON = lasting(text("SELECT id, attributes FROM person WHERE key = :key"))


def list_tags(facet: str | None, search: str | None, after: str | None, top: int) -> Select[Any]:
    """List tags by key; a search looks into keys and into the compared form of labels."""
    statement = _tags().where(*_tag_conditions(facet, search)).order_by(tag.c.key).limit(top)
    return statement if after is None else statement.where(tag.c.key > after)


def count_tags(facet: str | None, search: str | None) -> Select[Any]:
    return select(func.count()).select_from(tag).where(*_tag_conditions(facet, search))


@cache
def tags_by_key() -> Select[Any]:
    """Read tags by key; the key of a merged one, in `asked`, gives the tag it was merged into."""
    joined = _tags().add_columns(_named.c.key.label("asked")).join(_named, _target == tag.c.id)
    return lasting(joined.where(_some(_named.c.key)))


@cache
def tags_by_id() -> Select[Any]:
    return lasting(_tags().where(_some(tag.c.id)))


def meanings(keys: Sequence[str]) -> Select[Any]:
    """Read which tags keys stand for, and the keys that mean the same since tags were merged."""
    words = func.array_agg(tag.c.key).label("words")
    columns = (_named.c.key, _named.c.facet, _target.label("id"), words)
    joined = select(*columns).join_from(_named, tag, _same).where(_among(_named.c.key, keys))
    return joined.group_by(_named.c.id).order_by(_named.c.key)


@cache
def merged_into() -> Select[Any]:
    columns = (tag.c.redirect, tag.c.key)
    return lasting(select(*columns).where(_some(tag.c.redirect)).order_by(*columns))


@cache
def labels_of() -> Select[Any]:
    columns = (tag_label.c.tag, tag_label.c.language, tag_label.c.kind, tag_label.c.text)
    return lasting(select(*columns).where(_some(tag_label.c.tag)).order_by(*columns))


@cache
def broader_than() -> Select[Any]:
    return lasting(_related(tag_relation.c.tag, tag_relation.c.other))


@cache
def narrower_than() -> Select[Any]:
    related = _related(tag_relation.c.other, tag_relation.c.tag)
    return lasting(related.where(tag.c.retired_at.is_(None)))


@cache
def related_to() -> Select[Any]:
    related = _related(tag_relation.c.tag, tag_relation.c.other, "related")
    return lasting(related.where(tag.c.retired_at.is_(None)))


@cache
def tags_of_items() -> Select[Any]:
    """Read the tags that somebody gave to items and that are believed."""
    owner = item_tag.c.item.label("owner")
    joined = _tags().add_columns(owner).join(item_tag, item_tag.c.tag == tag.c.id)
    joined = joined.join(item, item.c.id == item_tag.c.item)
    believed = (~item_tag.c.denied, tag.c.id == any_(item.c.tag_ids))
    chosen = joined.where(_some(item_tag.c.item), *believed)
    return lasting(chosen.distinct().order_by(owner, tag.c.key))


def _tags_given() -> ColumnElement[Any]:
    """Give all tags of an item as `tags_of_items` does."""
    believed = (~item_tag.c.denied, tag.c.id == any_(item.c.tag_ids))
    chosen = select(_tag_written()).join_from(item_tag, tag, item_tag.c.tag == tag.c.id)
    chosen = chosen.where(item_tag.c.item == item.c.id, *believed).correlate(item)
    return _array(chosen.group_by(tag.c.id).order_by(tag.c.key))


def _tags_named(name: str, attribute: Attribute) -> ColumnElement[Any]:
    """Give the tags that an item's words for them mean, in their order."""
    side = column_of(name, attribute)
    if not attribute.many:
        chosen = select(_tag_written()).join_from(_named, tag, _target == tag.c.id)
        return _array(chosen.where(_named.c.key == side).correlate(item))
    word = func.unnest(side).table_valued("word", with_ordinality="place").render_derived()
    joined = select(_tag_written()).join_from(word, _named, _named.c.key == word.c.word)
    joined = joined.join(tag, _target == tag.c.id).correlate(item)
    return _array(joined.order_by(word.c.place))


def _array(chosen: Select[Any]) -> ColumnElement[Any]:
    return func.array(chosen.scalar_subquery(), type_=ARRAY(Text))


def _tag_written() -> ColumnElement[Any]:
    retired = tag.c.retired_at.is_not(None)
    columns = (tag.c.id, tag.c.key, tag.c.facet, tag.c.revision, retired)
    return cast(func.json_build_array(*columns), Text)


def _items(catalog: Catalog) -> Select[Any]:
    declared = [column_of(name, a).label(name) for name, a in catalog.item.items()]
    own = (item.c.id, item.c.key, item.c.title, item.c.added_at, item.c.removed_at)
    return select(*own, *declared)


def _listed(catalog: Catalog, where: Where) -> tuple[Condition, Condition]:
    return item.c.removed_at.is_(None), clause(where, catalog)


def _order_column(catalog: Catalog, order: Order) -> ColumnElement[Any]:
    if order.by in ("key", "id"):
        return item.c[order.by]
    return column_of(order.by, catalog.item[order.by])


def _keys(by: ColumnElement[Any], missing: bool) -> list[ColumnElement[Any]]:
    return [item.c.id] if missing or by is item.c.id else [by, item.c.id]


def _behind(keys: list[ColumnElement[Any]], after: Place, descending: bool) -> Condition:
    values = [after.value, after.id] if len(keys) == 2 else [after.id]
    bound = tuple_(*(literal(v, k.type) for k, v in zip(keys, values, strict=True)))
    return tuple_(*keys) < bound if descending else tuple_(*keys) > bound


def _tags() -> Select[Any]:
    return select(tag.c.id, tag.c.key, tag.c.facet, tag.c.revision, tag.c.retired_at)


def _tag_conditions(facet: str | None, search: str | None) -> list[Condition]:
    conditions: list[Condition] = [tag.c.redirect.is_(None), tag.c.retired_at.is_(None)]
    if facet is not None:
        conditions.append(tag.c.facet == facet)
    if search is not None:
        named = select(tag_label.c.tag).where(tag_label.c.normal.contains(search, autoescape=True))
        conditions.append(or_(tag.c.key.contains(search, autoescape=True), tag.c.id.in_(named)))
    return conditions


def _related(owner: Column[int], other: Column[int], kind: str = "broader") -> Select[Any]:
    joined = _tags().add_columns(owner.label("owner")).join(tag_relation, other == tag.c.id)
    return joined.where(_some(owner), tag_relation.c.kind == kind).order_by(tag.c.key)


def _some(side: Column[Any]) -> Condition:
    """Hold for `:some`."""
    kind = Integer() if isinstance(side.type, Integer) else Text()
    return side == any_(bindparam("some", type_=ARRAY(kind)))


def _among(side: Column[Any], values: Sequence[Any]) -> Condition:
    kind = Integer() if isinstance(side.type, Integer) else Text()
    return side == any_(literal(list(values), ARRAY(kind)))


def _test(test: Test, attribute: Attribute, meaning: Meaning | None) -> Condition:
    side = column_of(test.attribute, attribute)
    if test.verb == "exists":
        return side.is_not(None) if test.value else side.is_(None)
    if test.verb == "under":
        return _under(attribute, test.value, meaning)
    if attribute.type == "tag":
        values = [test.value] if test.verb == "eq" else list(test.value)
        meant = _meant(values) if meaning is None else _texts(meaning.words(values))
        return _overlap(side, meant) if attribute.many else side == any_(meant)
    if attribute.many:
        values = [test.value] if test.verb == "eq" else list(test.value)
        return _overlap(side, _texts(values))
    if test.verb == "in":
        if not test.value:
            return false()
        return side.in_([literal(value, side.type) for value in test.value])
    return COMPARE[test.verb](side, literal(test.value, side.type))


def _under(attribute: Attribute, key: str, meaning: Meaning | None) -> Condition:
    """Hold for a tag and everything below it: `tag_ids` carries all that is broader."""
    facet = getattr(attribute, "facet", None)
    if meaning is not None:
        return _overlap(item.c.tag_ids, literal(meaning.ids(key, facet), ARRAY(Integer)))
    wanted = select(_target).where(_named.c.key == key, _named.c.facet == facet)
    return _overlap(item.c.tag_ids, func.array(wanted.scalar_subquery()))


def _meant(keys: Sequence[str]) -> ColumnElement[Any]:
    """Give keys with all that mean the same since tags were merged: items keep their own words."""
    given = select(func.unnest(_texts(keys)))
    merged = select(tag.c.key).join(_named, _same).where(_among(_named.c.key, keys))
    return func.array(union(given, merged).scalar_subquery(), type_=ARRAY(Text))


def _texts(values: Sequence[str]) -> ColumnElement[Any]:
    return literal(list(values), ARRAY(Text))


def _overlap(side: ColumnElement[Any], values: ColumnElement[Any]) -> Condition:
    return side.bool_op("&&")(values)


COMPARE: dict[str, Callable[[ColumnElement[Any], Any], Condition]] = {
    "eq": lambda side, value: side == value,
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


PATIENCE = text("SELECT set_config('lock_timeout', :limit, true)")
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
