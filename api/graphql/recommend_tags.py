"""Recommendations of tags, such as brands: for scenes that say `of`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry

from api import metrics, tracing
from api.graphql.access import entry
from api.graphql.arms import arms_told
from api.graphql.connections import check_first
from api.graphql.context import Info
from api.graphql.dynamic import list_of, make_class, optional, typed, without
from api.graphql.filters import mapping_of
from api.graphql.item import AnyItem, item_of
from api.graphql.loaders import Row
from api.graphql.recommend import (
    AnyRecommendations,
    Ask,
    Asking,
    check_keys,
    question_of,
    read_asking,
    request_of,
)
from api.graphql.session import Session, context_of, visit_of
from api.graphql.shown import Reading, keep_and_read
from api.graphql.tag import Tag, tag_of
from api.graphql.traced import AnyEdge, FoundBy, Start, begin, found_by, page_values
from graph.catalog import Catalog
from ranking.experiments.arms import in_arms
from ranking.experiments.standing import Assigned
from ranking.tags.pages import TagPage, recommend_tags
from recall.fusion import Found


@strawberry.type
class AnyTagRecommendation:
    """A tag, and why."""

    tag: Tag
    score: float
    channel: str = strawberry.field(description="The channel that decided where it stands.")
    channels: list[FoundBy] = strawberry.field(description="All channels that found it.")


@dataclass(frozen=True)
class Types:
    """The types of a page of tags."""

    item: type[AnyItem]
    node: Any
    edge: Any
    page: Any


@dataclass(frozen=True)
class Answer:
    """A page with its trace."""

    page: TagPage
    trace: str
    asking: Asking
    reading: Reading  # of its examples
    arms: tuple[Assigned, ...] = ()


def recommend_tags_field(
    item: type[AnyItem], catalog: Catalog, filters: type, context: type | None
) -> Any:
    """Make the query `recommendTags`."""
    types = _types(item)

    async def recommend_tags_(
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
        start = begin(info, "recommendTags", ask.subject(), after, ask.unit())
        answer = await _answer(info, ask, start)
        return await _page(info, types, start, answer)

    resolver = typed(
        recommend_tags_, types.page, where=optional(filters), context=optional(context)
    )
    return strawberry.field(
        resolver if context else without(resolver, "context"),
        name="recommendTags",
        extensions=entry("reader"),
        description="Recommend tags in a scene that says `of`; `where` is of items that have them.",
    )


def _types(item: type[AnyItem]) -> Types:
    items = strawberry.field(description="Some items that speak for it, the best first.")
    own = {"__annotations__": {"items": list_of(item)}, "items": items, "__doc__": None}
    node = strawberry.type(
        type("TagRecommendation", (AnyTagRecommendation,), own), description="A tag, and why."
    )
    edge = strawberry.type(
        make_class("TagRecommendationEdge", AnyEdge, {"node": node}, {}), description="One place."
    )
    page = make_class("TagRecommendations", AnyRecommendations, {"edges": list_of(edge)}, {})
    return Types(item, node, edge, strawberry.type(page, description="One page of tags."))


async def _answer(info: Info, ask: Ask, start: Start) -> Answer:
    """Make the page, then keep its trace."""
    database = info.context.databases.recalling
    asking = await read_asking(database, ask, start)
    writing, live = info.context.databases.writing, start.released.scenes
    scenes, arms = await in_arms(writing, live, ask.scene, ask.unit())
    arms = (*start.arms, *arms)
    page = await recommend_tags(database, scenes, request_of(ask, start, asking))
    shown = tracing.Shown(
        tags=[one.item for one in page.tags],
        found_by=[one.found_by for one in page.tags],
        scores=[one.score for one in page.tags],
    )
    kept = tracing.Answer(
        "recommendTags",
        start.released.number,
        start.moment,
        shown,
        ask.scene,
        asking.person,
        question_of(ask, start),
        page.dropped,
        arms,
        ask.unit(),
    )
    for dropped in page.dropped:
        metrics.DROPPED.labels(dropped.channel, dropped.reason).inc()
    examples = list({item for items in page.examples.values() for item in items})
    trace, reading = await keep_and_read(info, kept, examples)
    return Answer(page, trace, asking, reading, arms)


async def _page(info: Info, types: Types, start: Start, answer: Answer) -> Any:
    page, loaders = answer.page, info.context.loaders
    rows = await loaders.tags_by_id.load_many([one.item for one in page.tags])
    items = {row["id"]: row for row in await answer.reading if row is not None}
    edges = [
        types.edge(
            cursor=start.cursor(answer.trace, count),
            node=_node(info, types, found, tag_of(row), _some(items, page.examples[found.item])),
        )
        for count, (found, row) in enumerate(zip(page.tags, rows, strict=True), 1)
        if row is not None
    ]
    cursors = [edge.cursor for edge in edges]
    return types.page(
        **page_values(start, answer.trace, cursors, page.more, page.dropped),
        unknown_items=list(answer.asking.told.unknown),
        arms=arms_told(answer.arms),
        edges=edges,
    )


def _some(items: Mapping[int, Row], ids: Sequence[int]) -> list[Row]:
    return [items[number] for number in ids if number in items]


def _node(info: Info, types: Types, found: Found, tag: Tag, rows: Sequence[Row]) -> Any:
    catalog = info.context.spec.catalog
    return types.node(
        tag=tag,
        score=found.score,
        channel=found.channel,
        channels=found_by(found.found_by),
        items=[item_of(types.item, catalog, row) for row in rows],
    )
