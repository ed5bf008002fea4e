"""Pages that go on where the one before ended: each leaves a trace of what it has shown."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from api import queries
from api.graphql.connections import (
    MOST,
    PageInfo,
    page_info,
    parse_moment,
    read_cursor,
    write_cursor,
)
from api.graphql.context import Context, Info
from api.releases import CANARY, Released
from graph.queries import PERSON
from ranking.experiments.standing import Assigned
from recall.fusion import Hit
from recall.gathering import Dropped
from recall.planning.memory import memory_of
from recall.quickly import rows_quickly
from weft.errors import BadRequest, Unavailable

DEEPEST = 10_000
CLOCKS = timedelta(minutes=5)  # two processes may not agree on the time


@dataclass(frozen=True)
class Before:
    """Where the page before ended: its trace, and how many of its items were passed by."""

    trace: str
    count: int


@dataclass(frozen=True)
class Start:
    """Where a page begins: on which release, as seen at which moment, after which page."""

    listing: str  # a short name of everything that is asked but the page
    released: Released
    moment: datetime
    before: Before | None = None
    arms: tuple[Assigned, ...] = ()  # of the canary, if there is one

    def behind(self) -> dict[str, Any]:
        """Give what a trace keeps of the page before."""
        return {} if self.before is None else {"after": asdict(self.before)}

    def cursor(self, trace: str, count: int) -> str:
        """Write the cursor of a place on this page."""
        moment = self.moment.isoformat()
        return write_cursor(self.listing, self.released.number, moment, trace, count)


@strawberry.type
class FoundBy:
    """A channel that found an item."""

    name: str
    rank: int = strawberry.field(description="Where the channel had it; 1 is the first.")
    score: float = strawberry.field(description="What the channel thought of it.")


@strawberry.type
class DroppedChannel:
    """A channel or stage that gave nothing to this page."""

    name: str
    reason: str = strawberry.field(description="`late` or `failed`.")


@strawberry.type
class AnyEdge:
    """Where something stands."""

    cursor: str


@strawberry.type
class AnyPage:
    """What is known of a page, whatever is on it."""

    trace_id: strawberry.ID = strawberry.field(description="Send it along with events.")
    release: int
    page_info: PageInfo
    dropped: list[DroppedChannel] = strawberry.field(
        description="Channels and stages that were too slow or broken."
    )


def begin(
    info: Info, query: str, asked: object, after: str | None, unit: str | None = None
) -> Start:
    """Begin on the release that somebody gets, or where the page before ended, on its release."""
    released, arms = release_for(info.context, unit)
    listing = f"{query} {hashlib.sha256(orjson.dumps(asked)).hexdigest()[:16]}"
    if after is None:
        return Start(listing, released, datetime.now(UTC), arms=arms)
    release, moment, trace, count = read_cursor(listing, after, int, str, str, int)
    if not 0 < count <= MOST:
        raise BadRequest("after: this cursor was not given by this query with this order")
    earlier = info.context.earlier(release) or released
    held = arms if earlier is released else ()
    return Start(listing, earlier, parse_moment(moment), Before(trace, count), held)


def release_for(context: Context, unit: str | None) -> tuple[Released, tuple[Assigned, ...]]:
    """Give the live release or the canary, and in which arm of it somebody is."""
    if context.released is None:
        raise Unavailable("nothing is released yet; run `weft apply`")
    if context.trial is None or unit is None:
        return context.released, ()
    arm = context.trial.arm(unit)
    return (context.trial.released if arm.arm == CANARY else context.released), (arm,)


async def shown_before(connection: AsyncConnection, start: Start) -> tuple[int, ...]:
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


@dataclass(frozen=True)
class Someone:
    """A person who is known: their number, and what is stored of them."""

    number: int
    about: Mapping[str, Any]


async def someone(connection: AsyncConnection, key: str | None) -> Someone | None:
    """Find a person; somebody whom nobody has met is nobody."""
    if key is None:
        return None
    memory = memory_of(connection).persons
    number = memory.numbers.get(key)
    known: Someone | None = None if number is None else memory.find(number, "about")
    if known is not None:
        return known
    asked = memory.notices
    rows = await rows_quickly(connection, PERSON, {"key": key})
    if not rows:
        return None
    found = Someone(rows[0][0], {**rows[0][1], "key": key})
    memory.numbers.keep(key, found.number)
    memory.keep(found.number, "about", found, asked)
    return found


async def number_of(connection: AsyncConnection, key: str | None) -> int | None:
    """Find the number of a person."""
    found = await someone(connection, key)
    return None if found is None else found.number


def page_values(
    start: Start, trace: str, cursors: list[str], more: bool, dropped: tuple[Dropped, ...] = ()
) -> dict[str, Any]:
    """Give what every page says of itself."""
    after = None if start.before is None else start.before.trace
    return {
        "trace_id": trace,
        "release": start.released.number,
        "page_info": page_info(cursors, more, after),
        "dropped": [DroppedChannel(name=d.channel, reason=d.reason) for d in dropped],
    }


def found_by(hits: tuple[Hit, ...]) -> list[FoundBy]:
    """Write who found something."""
    return [FoundBy(name=h.channel, rank=h.rank, score=h.score) for h in hits]
