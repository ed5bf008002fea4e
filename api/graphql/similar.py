"""What is like an item."""

from dataclasses import dataclass
from typing import Any

import strawberry

from api import metrics, tracing
from api.graphql.access import entry
from api.graphql.connections import check_first
from api.graphql.context import Info
from api.graphql.dynamic import list_of, make_class, optional, typed
from api.graphql.filters import mapping_of
from api.graphql.item import AnyItem, item_of
from api.graphql.loaders import Row, read
from api.graphql.shown import Reading, keep_and_read
from api.graphql.traced import AnyEdge, AnyPage, FoundBy, Start, begin, page_values, shown_before
from graph import queries
from graph.catalog import Catalog
from graph.where import read_where
from recall.fusion import Found
from recall.likeness.finding import Like, Similar, similar
from recall.likeness.ways import Way, Ways
from weft.errors import BadRequest, NotFound

QUERY = "similarItems"


@strawberry.type
class AnySimilarItem:
    """What is known of something that is like an item."""

    score: float
    found_by: FoundBy = strawberry.field(description="The channel or space that found it.")


@strawberry.type
class AnySimilarItems(AnyPage):
    """What is known of a page of items that are like one."""

    reason: str | None = strawberry.field(description="Why there are none, if there are none.")


@dataclass(frozen=True)
class Types:
    """The types of a page."""

    item: type[AnyItem]
    node: Any
    edge: Any
    page: Any


@dataclass(frozen=True)
class Ask:
    """What a caller wants, checked."""

    item: str
    first: int
    where: dict[str, Any]
    space: str | None
    channel: str | None

    def subject(self) -> dict[str, Any]:
        """Give everything but the page."""
        ways = {"space": self.space, "channel": self.channel}
        return {"item": self.item, "where": self.where, **ways}


def similar_field(item: type[AnyItem], catalog: Catalog, filters: type) -> Any:
    """Make the query `similarItems`."""
    types = _types(item)

    async def similar_items(
        info: Info,
        item: strawberry.ID,
        space: str | None = None,
        channel: str | None = None,
        first: int = 20,
        after: str | None = None,
        where: Any = None,
    ) -> Any:
        plain = {} if where is None else dict(mapping_of(where))
        ask = Ask(item, check_first(first), plain, space, channel)
        start = begin(info, QUERY, ask.subject(), after)
        ways = _ways(start.released.ways, ask)
        rows = await read(info.context.databases.reading, queries.item_by_key(catalog, item))
        if not rows:
            raise NotFound(f"there is no item '{item}'")
        return await _page(info, types, start, await _answer(info, ask, start, ways, rows[0]["id"]))

    resolver = typed(similar_items, types.page, where=optional(filters))
    return strawberry.field(
        resolver,
        name=QUERY,
        extensions=entry("reader"),
        description="Find what is like an item, a removed one too: by a space, by a channel, or "
        "by all ways that lead from items, one after the other, until there is enough.",
    )


def _types(item: type[AnyItem]) -> Types:
    node = _type("SimilarItem", AnySimilarItem, {"item": item}, "An item that is like another.")
    edge = _type("SimilarItemEdge", AnyEdge, {"node": node}, "One place.")
    page = _type("SimilarItems", AnySimilarItems, {"edges": list_of(edge)}, "One page.")
    return Types(item, node, edge, page)


def _ways(ways: Ways, ask: Ask) -> tuple[Way, ...]:
    if ask.space is not None and ask.channel is not None:
        raise BadRequest("either `space` or `channel`, not both")
    if ask.space is not None:
        return (ways.of("space", ask.space),)
    return ways.usual if ask.channel is None else (ways.of("channel", ask.channel),)


@dataclass(frozen=True)
class Answer:
    """What is like an item, and the trace that is kept of it."""

    found: Similar
    trace: str
    items: Reading


async def _answer(info: Info, ask: Ask, start: Start, ways: tuple[Way, ...], item: int) -> Answer:
    database = info.context.databases.recalling
    async with database.connect() as connection:
        shown = await shown_before(connection, start)
    where = read_where(ask.where, start.released.spec.catalog)
    like = Like(item, ask.first, start.moment, where, shown)
    found = await similar(database, ways, like)
    kept = tracing.Answer(
        QUERY,
        start.released.number,
        start.moment,
        tracing.shown_as_found(found.items),
        question={**ask.subject(), "first": ask.first, **start.behind()},
        dropped=found.dropped,
    )
    for dropped in found.dropped:
        metrics.DROPPED.labels(dropped.channel, dropped.reason).inc()
    return Answer(found, *await keep_and_read(info, kept, kept.shown.items))


async def _page(info: Info, types: Types, start: Start, answer: Answer) -> Any:
    found, trace = answer.found, answer.trace
    places = enumerate(zip(found.items, await answer.items, strict=True), 1)
    edges = [
        types.edge(cursor=start.cursor(trace, count), node=_node(info, types, one, row))
        for count, (one, row) in places
        if row is not None
    ]
    cursors = [edge.cursor for edge in edges]
    values = page_values(start, trace, cursors, found.more, found.dropped)
    return types.page(**values, edges=edges, reason=found.reason)


def _node(info: Info, types: Types, found: Found, row: Row) -> Any:
    (hit,) = found.found_by
    by = FoundBy(name=hit.channel, rank=hit.rank, score=hit.score)
    item = item_of(types.item, info.context.spec.catalog, row)
    return types.node(item=item, score=found.score, found_by=by)


def _type(name: str, base: type, annotations: dict[str, Any], description: str) -> Any:
    return strawberry.type(make_class(name, base, annotations, {}), description=description)
