"""Items for what somebody typed."""

import asyncio
from dataclasses import dataclass
from typing import Any

import strawberry

from api import metrics, tracing
from api.graphql.access import entry
from api.graphql.annotate import opened_texts
from api.graphql.connections import check_first
from api.graphql.context import Info
from api.graphql.dynamic import list_of, make_class, optional, typed
from api.graphql.filters import mapping_of
from api.graphql.item import AnyItem, item_of
from api.graphql.loaders import Row
from api.graphql.read_query import QueryReading, reading_of
from api.graphql.shown import Reading, keep_and_read
from api.graphql.traced import (
    AnyEdge,
    AnyPage,
    FoundBy,
    Start,
    begin,
    found_by,
    number_of,
    page_values,
    shown_before,
)
from graph.catalog import Catalog
from graph.where import read_where
from nlp.asking import wishes
from ranking.searching.acting import Acted, Search
from ranking.searching.finding import Results, search
from recall.fusion import Found
from weft.errors import BadRequest

QUERY = "searchItems"
LONGEST = 1_000


@strawberry.type
class ScorePart:
    """What one way of reading adds to a score."""

    name: str = strawberry.field(description="`lexical`, `tags` or `intent`.")
    score: float


@strawberry.type
class AnyFoundItem:
    """What is known of an item that was searched for."""

    score: float
    parts: list[ScorePart] = strawberry.field(description="They add up to the score.")
    channels: list[FoundBy]


@strawberry.type
class ActedOn:
    """What was done about the wishes that were read."""

    narrowed_by: str | None = strawberry.field(description="The attribute that a price narrows.")
    sorted_by: str | None = strawberry.field(
        description="The attribute or channel that an order sorts by; null: by score."
    )
    left_out: list[str] = strawberry.field(description="What could not be acted on, and why.")


@strawberry.type
class AnyFoundItems(AnyPage):
    """What is known of a page of a search."""

    reading: QueryReading | None = strawberry.field(
        description="What was understood; null where the spec has no section `text`."
    )
    acted: ActedOn


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

    keyword: str
    first: int
    where: dict[str, Any]
    person: str | None

    def subject(self) -> dict[str, Any]:
        """Give everything but the page."""
        return {"keyword": self.keyword, "where": self.where, "person": self.person}


@dataclass(frozen=True)
class Answer:
    """What was found, its trace, and what was understood."""

    found: Results
    trace: str
    reading: QueryReading | None
    items: Reading


def search_field(item: type[AnyItem], catalog: Catalog, filters: type) -> Any:
    """Make the query `searchItems`."""
    types = _types(item)

    async def search_items(
        info: Info,
        keyword: str,
        first: int = 20,
        after: str | None = None,
        where: Any = None,
        person: strawberry.ID | None = None,
    ) -> Any:
        if len(keyword) > LONGEST:
            raise BadRequest(f"keyword: {len(keyword):,} characters; at most {LONGEST:,}")
        plain = {} if where is None else dict(mapping_of(where))
        ask = Ask(keyword, check_first(first), plain, person)
        start = begin(info, QUERY, ask.subject(), after)
        return await _page(info, types, start, await _answer(info, ask, start))

    resolver = typed(search_items, types.page, where=optional(filters))
    return strawberry.field(
        resolver,
        name=QUERY,
        extensions=entry("reader"),
        description="Search items by words, tags and vectors; a price and an order that are asked "
        "for narrow and sort.",
    )


def _types(item: type[AnyItem]) -> Types:
    node = _type("FoundItem", AnyFoundItem, {"item": item}, "An item, and why.")
    edge = _type("FoundItemEdge", AnyEdge, {"node": node}, "One place.")
    page = _type("FoundItems", AnyFoundItems, {"edges": list_of(edge)}, "One page of a search.")
    return Types(item, node, edge, page)


async def _answer(info: Info, ask: Ask, start: Start) -> Answer:
    database = info.context.databases.recalling
    reading = None
    if info.context.spec.text is not None:
        await opened_texts(info)
        reading = await asyncio.to_thread(reading_of, info, ask.keyword)
    price, order = wishes(ask.keyword)
    async with database.connect() as connection:
        person = await number_of(connection, ask.person)
        shown = await shown_before(connection, start)
    where = read_where(ask.where, start.released.spec.catalog)
    asked = Search(ask.keyword, ask.first, start.moment, price, order, person, where, shown)
    found = await search(database, start.released.scenes, asked)
    kept = tracing.Answer(
        QUERY,
        start.released.number,
        start.moment,
        tracing.shown_as_found(found.items),
        person=person,
        question={**ask.subject(), "first": ask.first, **start.behind()},
        dropped=found.dropped,
    )
    for dropped in found.dropped:
        metrics.DROPPED.labels(dropped.channel, dropped.reason).inc()
    trace, items = await keep_and_read(info, kept, kept.shown.items)
    return Answer(found, trace, reading, items)


async def _page(info: Info, types: Types, start: Start, answer: Answer) -> Any:
    found = answer.found
    places = enumerate(zip(found.items, await answer.items, strict=True), 1)
    edges = [
        types.edge(
            cursor=start.cursor(answer.trace, count), node=_node(info, types, found, one, row)
        )
        for count, (one, row) in places
        if row is not None
    ]
    cursors = [edge.cursor for edge in edges]
    return types.page(
        **page_values(start, answer.trace, cursors, found.more, found.dropped),
        edges=edges,
        reading=answer.reading,
        acted=_acted(found.acted),
    )


def _acted(acted: Acted) -> ActedOn:
    return ActedOn(
        narrowed_by=acted.narrowed_by, sorted_by=acted.sorted_by, left_out=list(acted.left_out)
    )


def _node(info: Info, types: Types, results: Results, found: Found, row: Row) -> Any:
    parts = results.parts[found.item].items()
    return types.node(
        item=item_of(types.item, info.context.spec.catalog, row),
        score=found.score,
        parts=[ScorePart(name=name, score=score) for name, score in parts],
        channels=found_by(found.found_by),
    )


def _type(name: str, base: type, annotations: dict[str, Any], description: str) -> Any:
    return strawberry.type(make_class(name, base, annotations, {}), description=description)
