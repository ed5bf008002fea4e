"""A trace: what was answered to whom, and why."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import strawberry
from sqlalchemy import Connection, RowMapping
from strawberry.scalars import JSON

from api import queries
from api.explaining import Explained, KeptReasons, Reasons
from api.graphql.access import entry
from api.graphql.arms import ExperimentArm
from api.graphql.context import Info
from api.graphql.dynamic import list_of, make_class, optional, typed
from api.graphql.item import AnyItem, item_of
from api.graphql.recommend import ScoredBy
from api.graphql.tag import Tag, tag_of
from api.graphql.traced import DroppedChannel, FoundBy, found_by
from api.graphql.why import Why, why_of
from ranking.dumps.dump import read_dump
from recall.fusion import Hit

LONGEST = 100
KEPT = ("moment", "dropped")  # of the question: they are fields of their own


@strawberry.type
class AnyTracedPlace:
    """What is known of a place on a page."""

    score: float | None = strawberry.field(description="Null in traces of before it was kept.")
    channel: str = strawberry.field(description="The channel that decided where it stands.")
    channels: list[FoundBy]
    stages: list[ScoredBy]


@strawberry.type
class AnyTracedItem(AnyTracedPlace):
    """What is known of an item's place on a page."""

    kept: strawberry.Private[KeptReasons]
    number: strawberry.Private[int]
    hits: strawberry.Private[tuple[Hit, ...]]

    @strawberry.field(description="Null where it is not kept what the page was made of.")
    async def why(self) -> Why | None:
        """Tell why it stood here."""
        reasons = await self.kept.reasons()
        return None if reasons is None else why_of(reasons, self.number, self.hits)


@strawberry.type
class TracedTag(AnyTracedPlace):
    """A tag on a page."""

    tag: Tag


@strawberry.type
class AnyTrace:
    """What was answered to whom, whatever was on the page."""

    id: strawberry.ID
    time: datetime = strawberry.field(description="When it was answered.")
    moment: datetime | None = strawberry.field(description="When page one was asked for.")
    query: str = strawberry.field(description="Such as `recommend` or `searchItems`.")
    scene: str | None
    person: strawberry.ID | None
    release: int
    question: JSON = strawberry.field(description="What was asked, as it came.")
    tags: list[TracedTag]
    dropped: list[DroppedChannel]
    arms: list[ExperimentArm]


@dataclass(frozen=True)
class Types:
    """The types of a trace."""

    item: type[AnyItem]
    place: Any
    trace: Any


def trace_field(item: type[AnyItem]) -> Any:
    """Make the query `traceOf`."""
    types = _types(item)

    async def trace_of(info: Info, trace_id: strawberry.ID) -> Any:
        if len(trace_id) > LONGEST:
            return None
        async with info.context.databases.reading.connect() as connection:
            rows = await connection.execute(queries.TRACE, {"id": trace_id})
            row = rows.mappings().first()
        return None if row is None else await _trace(info, types, row)

    resolver = typed(trace_of, optional(types.trace))
    return strawberry.field(
        resolver,
        name="traceOf",
        extensions=entry("reader"),
        description="Find what was answered by the id of its trace, for as long as it is kept.",
    )


def _types(item: type[AnyItem]) -> Types:
    place = _type("TracedItem", AnyTracedItem, {"item": item}, "An item on a page.")
    trace = _type("Trace", AnyTrace, {"items": list_of(place)}, "What was answered to whom.")
    return Types(item, place, trace)


async def _trace(info: Info, types: Types, row: RowMapping) -> Any:
    question = dict(row["question"])
    moment, dropped = question.get("moment"), question.get("dropped", {})
    return types.trace(
        id=row["id"],
        time=row["time"],
        moment=None if moment is None else datetime.fromisoformat(moment),
        query=row["query"],
        scene=row["scene"] or None,
        person=row["person"],
        release=row["release"],
        question={name: value for name, value in question.items() if name not in KEPT},
        items=await _items(info, types, row),
        tags=await _tags(info, row),
        dropped=[DroppedChannel(name=name, reason=why) for name, why in dropped.items()],
        arms=[ExperimentArm(experiment=n, arm=arm) for n, arm in (row["arms"] or {}).items()],
    )


async def _items(info: Info, types: Types, row: RowMapping) -> list[Any]:
    rows = await info.context.loaders.items.load_many(row["items"])
    catalog = info.context.spec.catalog
    kept = KeptReasons(info.context.databases.recalling, partial(_reasons, info, row))
    return [
        types.place(
            item=item_of(types.item, catalog, found),
            kept=kept,
            number=row["items"][place],
            hits=_hits(row, place),
            **_place(row, place),
        )
        for place, found in enumerate(rows)
        if found is not None
    ]


def _reasons(info: Info, row: RowMapping, connection: Connection) -> Reasons | None:
    """Read what a page was made of; models of a release that is not at hand tell nothing more."""
    dump = read_dump(connection, row["id"])
    if dump is None:
        return None
    asked = (row["id"], dump.release, row["scene"], row["number"])
    page = Explained(*asked, tuple(row["items"]), dump.told, dict(row["arms"] or {}))
    released = info.context.earlier(dump.release)
    spec = info.context.spec if released is None else released.spec
    return Reasons(info.context.databases.recalling, page, released, spec)


def _hits(row: RowMapping, place: int) -> tuple[Hit, ...]:
    return tuple(Hit(*hit) for hit in (row["found_by"][place] if row["found_by"] else ()))


async def _tags(info: Info, row: RowMapping) -> list[TracedTag]:
    rows = await info.context.loaders.tags_by_id.load_many(row["tags"] or [])
    return [
        TracedTag(tag=tag_of(found), **_place(row, place))
        for place, found in enumerate(rows)
        if found is not None
    ]


def _place(row: RowMapping, place: int) -> dict[str, Any]:
    score, *stages = row["scores"][place] if row["scores"] else (None,)
    return {
        "score": score,
        "channel": row["channels"][place],
        "channels": found_by(_hits(row, place)),
        "stages": [ScoredBy(name=name, score=own) for name, own in stages],
    }


def _type(name: str, base: type, annotations: dict[str, Any], description: str) -> Any:
    return strawberry.type(make_class(name, base, annotations, {}), description=description)
