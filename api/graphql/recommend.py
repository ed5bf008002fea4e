"""Recommendations: a page of items for a person in a scene."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from api import metrics, queries
from api.graphql.access import entry
from api.graphql.connections import (
    PageInfo,
    check_first,
    page_info,
    parse_moment,
    read_cursor,
    write_cursor,
)
from api.graphql.context import Info
from api.graphql.dynamic import list_of, make_class, optional, typed
from api.graphql.filters import mapping_of
from api.graphql.item import AnyItem, item_of
from api.releases import Released
from graph.catalog import Catalog
from graph.queries import person_id
from graph.where import read_where
from ranking.pages import Page, Request, recommend
from recall.fusion import Found
from weft.errors import BadRequest, Unavailable

DEEPEST_OFFSET = 10_000


@dataclass(frozen=True)
class Ask:
    """What a caller wants, checked; `subject` tells one query's cursors from another's."""

    scene: str
    person: str | None
    first: int
    after: str | None
    where: dict[str, Any]

    def subject(self) -> str:
        """Give a short name of everything but the page."""
        asked = orjson.dumps([self.scene, self.person, self.where])
        return hashlib.sha256(asked).hexdigest()[:16]


@dataclass(frozen=True)
class Start:
    """Where a page begins: on which release, as seen at which moment, after how many."""

    released: Released
    moment: datetime
    offset: int


@strawberry.type
class AnyRecommendation:
    """What is known of a recommended thing, whatever it is."""

    score: float
    channel: str = strawberry.field(description="The channel that found it.")


@strawberry.type
class AnyRecommendationEdge:
    """Where a recommendation stands."""

    cursor: str


@strawberry.type
class AnyRecommendations:
    """What is known of a page, whatever is on it."""

    trace_id: strawberry.ID = strawberry.field(description="Send it along with events.")
    release: int
    page_info: PageInfo


@dataclass(frozen=True)
class Types:
    """The types of a page of items."""

    item: type[AnyItem]
    node: Any
    edge: Any
    page: Any


def page_types(item: type[AnyItem]) -> Types:
    """Make the types `Recommendations`, `RecommendationEdge` and `Recommendation`."""
    node = _type("Recommendation", AnyRecommendation, {"item": item}, "An item, and why.")
    edge = _type("RecommendationEdge", AnyRecommendationEdge, {"node": node}, "One place.")
    page = _type("Recommendations", AnyRecommendations, {"edges": list_of(edge)}, "One page.")
    return Types(item, node, edge, page)


def recommend_field(item: type[AnyItem], catalog: Catalog, filters: type) -> Any:
    """Make the query `recommend`."""
    types = page_types(item)

    async def recommend_(
        info: Info,
        scene: str,
        person: strawberry.ID | None = None,
        first: int = 20,
        after: str | None = None,
        where: Any = None,
    ) -> Any:
        plain = {} if where is None else dict(mapping_of(where))
        ask = Ask(scene, person, check_first(first), after, plain)
        start = _start(info, ask)
        trace, page = await _answer(info, ask, start)
        _measure(scene, page.items)
        return await _page(info, types, ask, start, trace, page)

    resolver = typed(recommend_, types.page, where=optional(filters))
    description = "Recommend items in a scene; an unknown person is treated as a new one."
    return strawberry.field(
        resolver, name="recommend", extensions=entry("reader"), description=description
    )


def _start(info: Info, ask: Ask) -> Start:
    """Begin on the live release, or where the page before ended, on the release it was made of."""
    released = info.context.released
    if released is None:
        raise Unavailable("nothing is released yet; run `weft apply`")
    if ask.after is None:
        return Start(released, datetime.now(UTC), 0)
    release, moment, offset = read_cursor(f"recommend {ask.subject()}", ask.after, int, str, int)
    if not 0 <= offset <= DEEPEST_OFFSET:
        raise BadRequest(f"after: no page begins after {DEEPEST_OFFSET:,} items")
    return Start(info.context.earlier(release) or released, parse_moment(moment), offset)


async def _answer(info: Info, ask: Ask, start: Start) -> tuple[str, Page]:
    """Make the page and keep its trace, in one transaction."""
    where = read_where(ask.where, start.released.spec.catalog)
    async with info.context.databases.writing.begin() as connection:
        person = await _person(connection, ask.person)
        request = Request(ask.scene, person, ask.first, start.moment, start.offset, where)
        page = await recommend(connection, start.released.scenes, request)
        trace = await _keep_trace(connection, ask, start, person, page)
    return trace, page


async def _person(connection: AsyncConnection, key: str | None) -> int | None:
    if key is None:
        return None
    found = (await connection.execute(person_id(key))).scalar_one_or_none()
    return None if found is None else int(found)


async def _keep_trace(
    connection: AsyncConnection, ask: Ask, start: Start, person: int | None, page: Page
) -> str:
    trace = secrets.token_urlsafe(12)
    question = {"first": ask.first, "offset": start.offset, "where": ask.where}
    values = {
        "id": trace,
        "time": datetime.now(UTC),
        "scene": ask.scene,
        "person": person,
        "release": start.released.number,
        "question": question | {"moment": start.moment.isoformat(), "person": ask.person},
        "items": [placed.item for placed in page.items],
        "channels": [placed.channel for placed in page.items],
    }
    await connection.execute(queries.insert_trace(values))
    return trace


async def _page(info: Info, types: Types, ask: Ask, start: Start, trace: str, page: Page) -> Any:
    rows = await info.context.loaders.items.load_many([p.item for p in page.items])
    catalog, listing = info.context.spec.catalog, f"recommend {ask.subject()}"
    edges = []
    for offset, (placed, row) in enumerate(zip(page.items, rows, strict=True), start.offset + 1):
        if row is not None:
            item = item_of(types.item, catalog, row)
            node = types.node(item=item, score=placed.score, channel=placed.channel)
            cursor = write_cursor(listing, start.released.number, start.moment.isoformat(), offset)
            edges.append(types.edge(cursor=cursor, node=node))
    shown = page_info([edge.cursor for edge in edges], page.more, ask.after)
    return types.page(trace_id=trace, release=start.released.number, page_info=shown, edges=edges)


def _measure(scene: str, items: Sequence[Found]) -> None:
    for placed in items:
        metrics.RECOMMENDED.labels(scene, placed.channel).inc()


def _type(name: str, base: type, annotations: dict[str, Any], description: str) -> Any:
    return strawberry.type(make_class(name, base, annotations, {}), description=description)
