"""Recommendations: a page of items for a person in a scene."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import random
from typing import Any

import strawberry
from sqlalchemy.ext.asyncio import AsyncEngine

from api import metrics, tracing
from api.explaining import Explained, Reasons
from api.graphql.access import entry
from api.graphql.arms import ExperimentArm, arms_told
from api.graphql.connections import check_first
from api.graphql.context import Info
from api.graphql.degraded import TRACE, is_good, named, or_kept
from api.graphql.dynamic import list_of, make_class, optional, typed, without
from api.graphql.filters import mapping_of
from api.graphql.item import AnyItem, item_of, load_ahead
from api.graphql.loaders import Row
from api.graphql.session import Session, Visit, context_of, visit_of, written
from api.graphql.shown import Reading, keep_and_read
from api.graphql.traced import (
    AnyEdge,
    AnyPage,
    FoundBy,
    Someone,
    Start,
    begin,
    found_by,
    page_values,
    shown_before,
    someone,
)
from api.graphql.why import Why, why_of
from api.kept import Kept
from graph.catalog import Catalog
from graph.where import read_where
from ranking.asking import Request
from ranking.dumps.dump import Dump
from ranking.dumps.grounds import told_of
from ranking.experiments.allotting import unit_of
from ranking.experiments.arms import in_arms
from ranking.experiments.standing import Assigned
from ranking.page import Page
from ranking.pages import recommend, scene_of
from ranking.scenes import insist_on_items
from ranking.sessions import Told, read_sent
from ranking.stages import Placed
from recall.candidates import Said
from weft.errors import BadRequest

MOST_EXCLUDED = 1_000


@dataclass(frozen=True)
class Ask:
    """What a caller wants, checked."""

    scene: str
    person: str | None
    first: int
    after: str | None
    where: dict[str, Any]
    exclude: tuple[str, ...] = ()
    visit: Visit | None = None
    context: dict[str, Any] = field(default_factory=dict)

    def unit(self) -> str | None:
        """Name who is in arms of experiments."""
        return unit_of(self.person, self.visit.key if self.visit else None)

    def subject(self) -> dict[str, Any]:
        """Give everything but the page: it tells one query's cursors from another's."""
        asked = {"where": self.where, "exclude": self.exclude, "person": self.person}
        if self.visit is not None:
            asked["session"] = self.visit.plain()
        if self.context:
            asked["context"] = {n: written(value) for n, value in self.context.items()}
        return {"scene": self.scene, **asked}


@strawberry.type
class ScoredBy:
    """A stage of ranking that scored an item."""

    name: str = strawberry.field(description="`coarse` or `fine`.")
    score: float


@strawberry.type
class AnyRecommendation:
    """What is known of a recommended thing, whatever it is."""

    score: float
    channel: str = strawberry.field(description="The channel that decided where it stands.")
    channels: list[FoundBy] = strawberry.field(description="All channels that found it.")
    stages: list[ScoredBy] = strawberry.field(
        description="What each stage of ranking thought of it; the last one decided."
    )
    reasons: strawberry.Private[Reasons]
    placed: strawberry.Private[Placed]

    @strawberry.field(description="Why it stands here; worked out only where it is asked for.")
    def why(self) -> Why:
        """Tell why."""
        return why_of(self.reasons, self.placed.item, self.placed.found_by)


@strawberry.type
class AnyRecommendations(AnyPage):
    """What is known of a page of recommendations."""

    unknown_items: list[strawberry.ID] = strawberry.field(
        description="Items of the session's events that there are not; they were left out."
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
    edge = _type("RecommendationEdge", AnyEdge, {"node": node}, "One place.")
    page = _type("Recommendations", AnyRecommendations, {"edges": list_of(edge)}, "One page.")
    return Types(item, node, edge, page)


def recommend_field(
    item: type[AnyItem], catalog: Catalog, filters: type, context: type | None
) -> Any:
    """Make the query `recommend`."""
    types = page_types(item)

    async def recommend_(
        info: Info,
        scene: str,
        person: strawberry.ID | None = None,
        session: Session | None = None,
        first: int = 20,
        after: str | None = None,
        where: Any = None,
        exclude: list[strawberry.ID] | None = None,
        context: Any = None,
    ) -> Any:
        plain = {} if where is None else dict(mapping_of(where))
        visit = visit_of(session, info.context.spec.events)
        keys, so = check_keys(exclude or []), context_of(context)
        ask = Ask(scene, person, check_first(first), after, plain, keys, visit, so)
        start = begin(info, "recommend", ask.subject(), after, ask.unit())
        scene_of(start.released.scenes, scene)
        insist_on_items(start.released.scenes.scenes, scene)
        work = _answer(info, ask, start)
        answer = await or_kept(
            info,
            info.context.kept.get(scene),
            work,
            lambda kept: _kept(kept, ask, start),
            lambda answer: is_good(answer.page),
        )
        _measure(scene, answer.page)
        info.context.told.drop("recommend", answer.page.dropped)
        _dump(info, start, answer)
        return await _page(info, types, start, answer)

    resolver = typed(recommend_, types.page, where=optional(filters), context=optional(context))
    description = "Recommend items in a scene; an unknown person is treated as a new one."
    return strawberry.field(
        resolver if context else without(resolver, "context"),
        name="recommend",
        extensions=entry("reader"),
        description=description,
    )


def check_keys(keys: Sequence[str]) -> tuple[str, ...]:
    """Check how many are left out."""
    if len(keys) > MOST_EXCLUDED:
        raise BadRequest(f"exclude: at most {MOST_EXCLUDED:,} keys, not {len(keys):,}")
    return tuple(sorted(set(keys)))


@dataclass(frozen=True)
class Answer:
    """A page, its trace, and what of the session was not known."""

    page: Page
    trace: str
    told: Told
    scene: str
    person: int | None = None
    arms: tuple[Assigned, ...] = ()
    reading: Reading | None = None  # of its items; those of kept pages are there


@dataclass(frozen=True)
class Asking:
    """Who asks, and what was shown to them before."""

    someone: Someone | None
    told: Told
    shown: tuple[int, ...]

    @property
    def person(self) -> int | None:
        """Give the number of a person who is known."""
        return None if self.someone is None else self.someone.number


async def read_asking(database: AsyncEngine, ask: Ask, start: Start) -> Asking:
    """Read who asks; no connection is held while channels are waited for."""
    sent = ask.visit.sent if ask.visit else ()
    async with database.connect() as connection:
        return Asking(
            await someone(connection, ask.person),
            await read_sent(connection, sent, start.moment),
            await shown_before(connection, start),
        )


def request_of(ask: Ask, start: Start, asking: Asking) -> Request:
    """Give the request that is made of what a caller wants."""
    return Request(
        ask.scene,
        asking.person,
        ask.first,
        start.moment,
        asking.shown,
        read_where(ask.where, start.released.spec.catalog),
        ask.exclude,
        said=Said(ask.context, asking.told.deeds),
        session=ask.visit.key if ask.visit else None,
        about=asking.someone.about if asking.someone else None,
    )


def question_of(ask: Ask, start: Start) -> dict[str, Any]:
    """Give what a trace keeps of what was asked."""
    asked = {name: value for name, value in ask.subject().items() if name != "scene"}
    return {**asked, "first": ask.first, **start.behind()}


async def _answer(info: Info, ask: Ask, start: Start) -> Answer:
    """Make the page, then keep its trace and begin to read its items."""
    databases = info.context.databases
    database = databases.recalling
    asking = await read_asking(database, ask, start)
    scenes, arms = await in_arms(databases.writing, start.released.scenes, ask.scene, ask.unit())
    arms = (*start.arms, *arms)
    page = await recommend(database, scenes, request_of(ask, start, asking))
    kept = tracing.Answer(
        "recommend",
        start.released.number,
        start.moment,
        tracing.shown_of(page.items),
        ask.scene,
        asking.person,
        question_of(ask, start),
        page.dropped,
        arms,
        ask.unit(),
    )
    trace, reading = await keep_and_read(info, kept, kept.shown.items)
    return Answer(page, trace, asking.told, ask.scene, asking.person, arms, reading)


def _kept(kept: Kept, ask: Ask, start: Start) -> Answer:
    """Give what of a kept page is known to pass; what pages before have shown is not known."""
    catalog, page = start.released.spec.catalog, Page((), False)
    where = read_where(ask.where, catalog)
    if ask.after is None:
        page = kept.page(ask.first, where, ask.exclude, catalog.lifetime.ends)
    return Answer(named(page), TRACE, Told(), ask.scene)


async def _page(info: Info, types: Types, start: Start, answer: Answer) -> Any:
    page = answer.page
    rows = await (answer.reading or _kept_rows(info, page))
    reasons = _reasons(info, start, answer)
    edges = []
    for count, (placed, row) in enumerate(zip(page.items, rows, strict=True), 1):
        if row is not None:
            cursor = start.cursor(answer.trace, count)
            edges.append(types.edge(cursor=cursor, node=_node(info, types, reasons, placed, row)))
    cursors = [edge.cursor for edge in edges]
    return types.page(
        **page_values(start, answer.trace, cursors, page.more, page.dropped),
        unknown_items=list(answer.told.unknown),
        arms=arms_told(answer.arms),
        edges=edges,
    )


async def _kept_rows(info: Info, page: Page) -> Sequence[Row | None]:
    rows = await info.context.loaders.items.load_many([placed.item for placed in page.items])
    await load_ahead(info, info.context.spec.catalog, [row for row in rows if row is not None])
    return rows


def _dump(info: Info, start: Start, answer: Answer) -> None:
    """Keep what the page was made of, for the declared share of pages; nobody waits for it."""
    released, ground = start.released, answer.page.ground
    if answer.trace != TRACE and random() < released.spec.ranking.dumped:
        info.context.dumps.leave(Dump(answer.trace, datetime.now(UTC), released.number, ground))


def _reasons(info: Info, start: Start, answer: Answer) -> Reasons:
    released, page = start.released, answer.page
    items = tuple(placed.item for placed in page.items)
    told = told_of(page.ground)
    asked = (answer.scene, answer.person)
    arms = {one.experiment: one.arm for one in answer.arms}
    explained = Explained(answer.trace, released.number, *asked, items, told, arms)
    return Reasons(info.context.databases.recalling, explained, released, released.spec)


def _node(info: Info, types: Types, reasons: Reasons, placed: Placed, row: Row) -> Any:
    return types.node(
        item=item_of(types.item, info.context.spec.catalog, row),
        score=placed.score,
        channel=placed.channel,
        channels=found_by(placed.found_by),
        stages=[ScoredBy(name=name, score=score) for name, score in placed.stages],
        reasons=reasons,
        placed=placed,
    )


def _measure(scene: str, page: Page) -> None:
    for channel, count in Counter(placed.channel for placed in page.items).items():
        metrics.RECOMMENDED.labels(scene, channel).inc(count)
    for dropped in page.dropped:
        metrics.DROPPED.labels(dropped.channel, dropped.reason).inc()


def _type(name: str, base: type, annotations: dict[str, Any], description: str) -> Any:
    return strawberry.type(make_class(name, base, annotations, {}), description=description)
