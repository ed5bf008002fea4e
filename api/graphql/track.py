"""Events that happened, told by the front end."""

import asyncio
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import strawberry
from strawberry import UNSET

from api import metrics
from api.graphql.access import entry
from api.graphql.context import Info
from api.tracking import keep_events
from graph.importing.declared import Outcome
from weft.errors import BadRequest

MOST_EVENTS = 1_000


@strawberry.input
class EventInput:
    """Something that a person did."""

    id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Yours to choose; the same id is kept once."
    )
    kind: str
    person: strawberry.ID
    item: strawberry.ID | None = UNSET
    time: datetime | None = strawberry.field(default=UNSET, description="Now, if left out.")
    scene: str | None = UNSET
    position: int | None = UNSET
    keyword: str | None = UNSET
    trace: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The traceId of the page that showed the item."
    )


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
    rows = [_row(event, now) for event in events]
    context = info.context
    outcome = await asyncio.to_thread(keep_events, context.databases.loading, context.spec, rows)
    _measure(outcome)
    rejects = [
        RejectedEvent(index=r.line, column=r.column, reason=r.reason) for r in outcome.rejects
    ]
    return TrackResult(accepted=outcome.added, known=outcome.unchanged, rejected=rejects)


def _row(event: EventInput, now: datetime) -> dict[str, Any]:
    given = {f.name: getattr(event, f.name) for f in fields(event)}
    row = {name: value for name, value in given.items() if value not in (UNSET, None)}
    row["time"] = (row.get("time") or now).isoformat()
    return row


def _measure(outcome: Outcome) -> None:
    metrics.EVENTS.labels("accepted").inc(outcome.added)
    metrics.EVENTS.labels("known").inc(outcome.unchanged)
    metrics.EVENTS.labels("rejected").inc(len(outcome.rejects))
