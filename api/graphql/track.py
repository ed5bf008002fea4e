"""Events that happened, told by the front end."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

import strawberry
from strawberry import UNSET
from strawberry.types.arguments import InputContext

from api import metrics
from api.gathering import gathering_of
from api.graphql.access import entry
from api.graphql.context import Info
from api.tracking import Kept
from weft.errors import BadRequest

MOST_EVENTS = 1_000


@strawberry.input
class EventInput:
    """Something that a person did."""

    id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Yours to choose; the same id is kept once."
    )
    kind: str
    person: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Who did it; whom the trace's page was for, if left out."
    )
    item: strawberry.ID | None = UNSET
    time: datetime | None = strawberry.field(default=UNSET, description="Now, if left out.")
    scene: str | None = UNSET
    position: int | None = UNSET
    keyword: str | None = UNSET
    trace: strawberry.ID | None = strawberry.field(
        default=UNSET,
        description="The traceId of the page that showed the item: it fills in person, scene "
        "and position where they are left out.",
    )


def _as_it_came(_: type, value: Mapping[str, Any], __: InputContext) -> Mapping[str, Any]:
    """Leave an event the mapping that it came as: making objects took longer than keeping it."""
    return value


EventInput.__strawberry_definition__.from_input = _as_it_came  # type: ignore[attr-defined]


@strawberry.type
class RejectedEvent:
    """An event that was not kept, and why."""

    index: int
    column: str | None
    reason: str


@strawberry.type
class TrackResult:
    """What became of the events."""

    accepted: int
    known: int = strawberry.field(description="Events whose id was there already.")
    strays: int = strawberry.field(
        description="Events kept whose trace is unknown or does not show their item."
    )
    rejected: list[RejectedEvent]


@strawberry.mutation(
    extensions=entry("writer"),
    description="Tell what people did; at most 1,000 events. Needs the role `writer`.",
)
async def track(info: Info, events: list[EventInput]) -> TrackResult:
    """Keep the events that are good, and say what is wrong with the others."""
    if len(events) > MOST_EVENTS:
        raise BadRequest(f"events: {len(events):,} at once; at most {MOST_EVENTS:,}")
    now = datetime.now(UTC)
    rows = [_row(event, now) for event in cast(list[Mapping[str, Any]], events)]
    context = info.context
    kept = await gathering_of(context.databases.loading).keep(context.spec, rows)
    _measure(kept)
    return TrackResult(
        accepted=kept.accepted,
        known=kept.known,
        strays=kept.strays,
        rejected=[
            RejectedEvent(index=r.line, column=r.column, reason=r.reason) for r in kept.rejects
        ],
    )


def _row(event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    row = {name: value for name, value in event.items() if value is not None}
    row["time"] = (row.get("time") or now).isoformat()
    return row


def _measure(kept: Kept) -> None:
    metrics.EVENTS.labels("accepted").inc(kept.accepted)
    metrics.EVENTS.labels("known").inc(kept.known)
    metrics.EVENTS.labels("stray").inc(kept.strays)
    metrics.EVENTS.labels("rejected").inc(len(kept.rejects))
