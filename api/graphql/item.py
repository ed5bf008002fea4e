"""Items: what the shop offers, with a typed field for each declared attribute."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import strawberry
from sqlalchemy import RowMapping

from api.graphql.access import entry
from api.graphql.connections import (
    Connection,
    Edge,
    check_first,
    connection_of,
    page_info,
    parse_moment,
    read_cursor,
    write_cursor,
)
from api.graphql.context import Context, Info
from api.graphql.dynamic import (
    graphql_name,
    make_class,
    named,
    optional,
    python_name,
    scalar,
    typed,
)
from api.graphql.executing import QUICK, names_in
from api.graphql.filters import where_of
from api.graphql.loaders import Row, Rows, at_hand, read
from api.graphql.orders import order_of
from api.graphql.plain import LATER
from api.graphql.tag import Tag, tag_of, tag_written, tags_of
from graph import queries
from graph.catalog import Attribute, Catalog
from graph.queries import Order, Place
from graph.where import Where

TAGS_BESIDE = queries.beside_name(queries.TAGS)


def _tags_at_hand(item: Any, context: Context) -> Any:
    beside = item.row.get(TAGS_BESIDE)
    if beside is not None:
        return [tag_written(text) for text in beside]
    rows = at_hand(context.loaders.item_tags, item.row["id"])
    return LATER if rows is LATER else tags_of(rows)


@strawberry.type
class AnyItem:
    """What every item has, whatever the catalogue declares."""

    row: strawberry.Private[Row]
    key: strawberry.ID
    title: str
    added_at: datetime
    removed: bool

    @strawberry.field(metadata={QUICK: _tags_at_hand})
    async def tags(self, info: Info, facet: str | None = None) -> list[Tag]:
        """Give its tags, or those of one facet."""
        found = _tags_at_hand(self, info.context)
        if found is LATER:
            found = tags_of(await info.context.loaders.item_tags.load(self.row["id"]))
        return [tag for tag in found if facet in (None, tag.facet)]


def item_type(catalog: Catalog) -> type[AnyItem]:
    """Make the type `Item`."""
    annotations, fields = attribute_fields(catalog.item)
    made = make_class("Item", AnyItem, annotations, fields)
    return strawberry.type(made, description="What the shop offers.")


def attribute_fields(declared: dict[str, Attribute]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make the fields of declared attributes: tags through the loader, the rest as they are."""
    annotations = {python_name(n): scalar(a) for n, a in declared.items() if a.type != "tag"}
    fields = {p: named(p.removesuffix("_")) for p in annotations}
    fields |= {python_name(n): _tag_field(n, a) for n, a in declared.items() if a.type == "tag"}
    return annotations, fields


def attribute_values(declared: dict[str, Attribute], row: Row) -> dict[str, Any]:
    """Give the values of declared attributes that are plain fields."""
    return {python_name(n): row[n] for n, a in declared.items() if a.type != "tag"}


def item_of(made: type[AnyItem], catalog: Catalog, row: Row) -> AnyItem:
    """Make an item of its row."""
    values = {python: row[name] for python, name in _plain(catalog)}
    return made(
        row=row,
        key=strawberry.ID(row["key"]),
        title=row["title"],
        added_at=row["added_at"],
        removed=row["removed_at"] is not None,
        **values,
    )


@lru_cache(100)
def _plain(catalog: Catalog) -> Sequence[tuple[str, str]]:
    """Name what is not a tag, in Python and in the catalogue."""
    return [(python_name(n), n) for n, a in catalog.item.items() if a.type != "tag"]


def item_field(made: type[AnyItem], catalog: Catalog) -> Any:
    """Make the query `item`."""

    async def item(info: Info, key: strawberry.ID) -> Any:
        rows = await read(info.context.databases.reading, queries.item_by_key(catalog, key))
        return item_of(made, catalog, rows[0]) if rows else None

    resolver = typed(item, optional(made))
    return strawberry.field(resolver, extensions=entry("reader"), description="Find an item.")


def items_field(made: type[AnyItem], catalog: Catalog, filters: type, orders: type) -> Any:
    """Make the query `items`."""

    async def items(
        info: Info,
        filter: Any = None,
        order_by: Any = None,
        first: int = 20,
        after: str | None = None,
    ) -> Any:
        top, order, where = check_first(first), order_of(order_by), where_of(filter, catalog)
        place = None if after is None else _place(catalog, order, after)
        rows = await _list(info, catalog, where, order, place, top + 1)

        async def count() -> int:
            counted = await read(
                info.context.databases.reading, queries.count_items(catalog, where)
            )
            return int(counted[0]["count"])

        edges = [
            Edge(cursor=_cursor(order, row), node=item_of(made, catalog, row)) for row in rows[:top]
        ]
        shown = page_info([edge.cursor for edge in edges], len(rows) > top, after)
        return Connection(edges=edges, page_info=shown, count=count)

    resolver = typed(
        items, connection_of(made), filter=optional(filters), order_by=optional(orders)
    )
    return strawberry.field(resolver, extensions=entry("reader"), description="List items.")


def _tag_field(name: str, attribute: Attribute) -> Any:
    beside = queries.beside_name(name)

    async def one(root: Any, info: Info) -> Tag | None:
        key = root.row[name]
        row = None if key is None else await info.context.loaders.tags.load(key)
        return None if row is None else tag_of(row)

    async def several(root: Any, info: Info) -> list[Tag]:
        rows = await info.context.loaders.tags.load_many(root.row[name] or [])
        return [tag_of(row) for row in rows if row is not None]

    def at_once(root: Any, context: Context) -> Any:
        """Give tags that were read beside the item, or loaded beforehand."""
        written = root.row.get(beside)
        if written is not None:
            found = [tag_written(text) for text in written]
            return found if attribute.many else next(iter(found), None)
        rows = [at_hand(context.loaders.tags, key) for key in _keys(root.row[name], attribute.many)]
        if LATER in rows:
            return LATER
        found = [tag_of(row) for row in rows if row is not None]
        return found if attribute.many else next(iter(found), None)

    resolver = several if attribute.many else one
    return strawberry.field(resolver, name=graphql_name(name), metadata={QUICK: at_once})


async def load_ahead(info: Info, catalog: Catalog, rows: Sequence[RowMapping]) -> None:
    """Load the tags that a query asks of items, so that none of them has to wait by itself."""
    names, loaders = names_in(info), info.context.loaders
    declared = {
        n: a for n, a in catalog.item.items() if a.type == "tag" and graphql_name(n) in names
    }
    keys = {key for n, a in declared.items() for row in rows for key in _keys(row[n], a.many)}
    ids = [row["id"] for row in rows] if "tags" in names else []
    await asyncio.gather(loaders.tags.load_many(keys), loaders.item_tags.load_many(ids))


def _keys(value: Any, many: bool) -> Sequence[str]:
    return (value or []) if many else [] if value is None else [value]


async def _list(
    info: Info, catalog: Catalog, where: Where, order: Order, after: Place | None, top: int
) -> Rows:
    """List items that have the value, then, if the page is not full, those that lack it."""
    database, rows = info.context.databases.reading, []
    if after is None or after.value is not None:
        statement = queries.list_items(catalog, where, order, after, False, top)
        rows, after = list(await read(database, statement)), None
    if len(rows) < top and order.by not in ("key", "id"):
        statement = queries.list_items(catalog, where, order, after, True, top - len(rows))
        rows = [*rows, *await read(database, statement)]
    return rows


def _cursor(order: Order, row: RowMapping) -> str:
    value = row[order.by]
    text = value.isoformat() if isinstance(value, datetime) else value
    return write_cursor(f"items {order.by} {order.descending}", text, row["id"])


def _place(catalog: Catalog, order: Order, cursor: str) -> Place:
    kind = catalog.item[order.by].type if order.by in catalog.item else order.by
    accepted = {"number": (int, float, type(None)), "id": int}.get(kind, (str, type(None)))
    value, identity = read_cursor(f"items {order.by} {order.descending}", cursor, accepted, int)
    return Place(parse_moment(value) if kind == "time" and value else value, identity)
