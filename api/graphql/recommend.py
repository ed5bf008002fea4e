"""Recommendations: a page of items for a person in a scene."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import strawberry
from sqlalchemy import RowMapping, null
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from api import metrics, queries
from api.graphql.access import entry
from api.graphql.connections import (
    MOST,
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
from ranking.asking import Request
from ranking.experiments.allotting import unit_of
from ranking.experiments.arms import in_arms
from ranking.pages import Page, recommend
from ranking.stages import Placed
from weft.errors import BadRequest, Unavailable

DEEPEST = 10_000
MOST_EXCLUDED = 1_000
CLOCKS = timedelta(minutes=5)  # two processes may not agree on the time


@dataclass(frozen=True)
class Ask:
    """What a caller wants, checked; `subject` tells one query's cursors from another's."""

    scene: str
    person: str | None
    first: int
    after: str | None
    where: dict[str, Any]
    exclude: tuple[str, ...] = ()

    def subject(self) -> str:
        """Give a short name of everything but the page."""
        asked = orjson.dumps([self.scene, self.person, self.where, self.exclude])
        return hashlib.sha256(asked).hexdigest()[:16]

    def unit(self) -> str | None:
        """Name who is in arms of experiments."""
        return unit_of(self.person)


@dataclass(frozen=True)
class Before:
    """Where the page before ended: its trace, and how many of its items were passed by."""

    trace: str
    count: int


@dataclass(frozen=True)
class Start:
    """Where a page begins: on which release, as seen at which moment, after which page."""

    released: Released
    moment: datetime
    before: Before | None = None


@strawberry.type
class FoundBy:
    """A channel that found an item."""

    name: str
    rank: int = strawberry.field(description="Where the channel had it; 1 is the first.")
    score: float = strawberry.field(description="What the channel thought of it.")


@strawberry.type
class ScoredBy:
    """A stage of ranking that scored an item."""

    name: str = strawberry.field(description="`coarse` or `fine`.")
    score: float


@strawberry.type
class DroppedChannel:
    """A channel or stage that gave nothing to this page."""

    name: str
    reason: str = strawberry.field(description="`late` or `failed`.")


@strawberry.type
class ExperimentArm:
    """An experiment, and the arm of it that somebody is in."""

    experiment: str
    arm: str = strawberry.field(description="`control` for who is in no arm of its layer.")


@strawberry.type
class AnyRecommendation:
    """What is known of a recommended thing, whatever it is."""

    score: float
    channel: str = strawberry.field(description="The channel that decided where it stands.")
    channels: list[FoundBy] = strawberry.field(description="All channels that found it.")
    stages: list[ScoredBy] = strawberry.field(
        description="What each stage of ranking thought of it; the last one decided."
    )


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
    dropped: list[DroppedChannel] = strawberry.field(
        description="Channels and stages that were too slow or broken."
    )
    arms: list[ExperimentArm] = strawberry.field(
        description="Arms of experiments that this page was made in, `control` too."
    )


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
        exclude: list[strawberry.ID] | None = None,
    ) -> Any:
        plain = {} if where is None else dict(mapping_of(where))
        ask = Ask(scene, person, check_first(first), after, plain, _check_keys(exclude or []))
        start = _start(info, ask)
        trace, page = await _answer(info, ask, start)
        _measure(scene, page)
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
        return Start(released, datetime.now(UTC))
    kinds = (int, str, str, int)
    release, moment, trace, count = read_cursor(f"recommend {ask.subject()}", ask.after, *kinds)
    if not 0 < count <= MOST:
        raise BadRequest("after: this cursor was not given by this query with this order")
    earlier = info.context.earlier(release) or released
    return Start(earlier, parse_moment(moment), Before(trace, count))


def _check_keys(keys: Sequence[str]) -> tuple[str, ...]:
    if len(keys) > MOST_EXCLUDED:
        raise BadRequest(f"exclude: at most {MOST_EXCLUDED:,} keys, not {len(keys):,}")
    return tuple(sorted(set(keys)))


async def _answer(info: Info, ask: Ask, start: Start) -> tuple[str, Page]:
    """Make the page, then keep its trace; no connection is held while others are waited for."""
    where = read_where(ask.where, start.released.spec.catalog)
    database = info.context.databases.writing
    async with database.connect() as connection:
        person = await _person(connection, ask.person)
        shown = await _shown(connection, start)
    scenes, arms = await in_arms(database, start.released.scenes, ask.scene, ask.unit())
    request = Request(ask.scene, person, ask.first, start.moment, shown, where, ask.exclude)
    page = replace(await recommend(database, scenes, request), arms=arms)
    return await _keep_trace(database, ask, start, person, page), page


async def _shown(connection: AsyncConnection, start: Start) -> tuple[int, ...]:
    """Give what the pages before have shown."""
    if start.before is None:
        return ()
    since = start.moment - CLOCKS
    values = {"trace": start.before.trace, "count": start.before.count, "since": since}
    pages = (await connection.execute(queries.SHOWN, values)).scalars().all()
    if not pages:
        raise BadRequest("after: the page before is not known any more; begin anew")
    shown = tuple(item for page in pages for item in page)
    if len(shown) > DEEPEST:
        raise BadRequest(f"after: no page begins after {DEEPEST:,} items")
    return shown


async def _person(connection: AsyncConnection, key: str | None) -> int | None:
    if key is None:
        return None
    found = (await connection.execute(person_id(key))).scalar_one_or_none()
    return None if found is None else int(found)


async def _keep_trace(
    database: AsyncEngine, ask: Ask, start: Start, person: int | None, page: Page
) -> str:
    trace = secrets.token_urlsafe(12)
    question = {"first": ask.first, "where": ask.where, "exclude": ask.exclude}
    if start.before is not None:
        question["after"] = asdict(start.before)
    if page.dropped:
        question["dropped"] = {d.channel: d.reason for d in page.dropped}
    values = {
        "id": trace,
        "time": datetime.now(UTC),
        "scene": ask.scene,
        "person": person,
        "release": start.released.number,
        "question": question | {"moment": start.moment.isoformat(), "person": ask.person},
        "items": [placed.item for placed in page.items],
        "channels": [placed.channel for placed in page.items],
        "found_by": [[astuple(hit) for hit in placed.found_by] for placed in page.items],
        "unit": ask.unit() if page.arms else None,
        "arms": {one.experiment: one.arm for one in page.arms} if page.arms else null(),
    }
    async with database.begin() as connection:
        await connection.execute(queries.insert_trace(values))
    return trace


async def _page(info: Info, types: Types, ask: Ask, start: Start, trace: str, page: Page) -> Any:
    rows = await info.context.loaders.items.load_many([p.item for p in page.items])
    listing = f"recommend {ask.subject()}"
    edges = []
    for count, (placed, row) in enumerate(zip(page.items, rows, strict=True), 1):
        if row is not None:
            moment = start.moment.isoformat()
            cursor = write_cursor(listing, start.released.number, moment, trace, count)
            edges.append(types.edge(cursor=cursor, node=_node(info, types, placed, row)))
    return types.page(
        trace_id=trace,
        release=start.released.number,
        page_info=page_info([edge.cursor for edge in edges], page.more, ask.after),
        dropped=[DroppedChannel(name=d.channel, reason=d.reason) for d in page.dropped],
        arms=[ExperimentArm(experiment=one.experiment, arm=one.arm) for one in page.arms],
        edges=edges,
    )


def _node(info: Info, types: Types, placed: Placed, row: RowMapping) -> Any:
    item = item_of(types.item, info.context.spec.catalog, row)
    found_by = [FoundBy(name=h.channel, rank=h.rank, score=h.score) for h in placed.found_by]
    stages = [ScoredBy(name=name, score=score) for name, score in placed.stages]
    return types.node(
        item=item, score=placed.score, channel=placed.channel, channels=found_by, stages=stages
    )


def _measure(scene: str, page: Page) -> None:
    for placed in page.items:
        metrics.RECOMMENDED.labels(scene, placed.channel).inc()
    for dropped in page.dropped:
        metrics.DROPPED.labels(dropped.channel, dropped.reason).inc()


def _type(name: str, base: type, annotations: dict[str, Any], description: str) -> Any:
    return strawberry.type(make_class(name, base, annotations, {}), description=description)
