"""Subscriptions: how far builds are, and which release is live."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import strawberry
from sqlalchemy import Connection, Row

from api.graphql.access import check_role
from api.graphql.context import Info
from weft import progress, queries
from weft.progress import Progress, read_detail, read_progress


@strawberry.type
class BuildStep:
    """One step of a build."""

    name: str
    done: bool
    share: float = strawberry.field(description="How far it is, from 0 to 1.")


@strawberry.type
class BuildLine:
    """Something that a build said."""

    at: datetime
    step: str | None
    message: str


@strawberry.type
class BuildProgress:
    """How far a build is."""

    build: int
    state: str = strawberry.field(description="`running`, `done`, `failed` or `stopped`.")
    share: float = strawberry.field(description="The share of its steps that is done.")
    steps: list[BuildStep]
    lines: list[BuildLine] = strawberry.field(description="What it said since the last message.")


@strawberry.type
class ReleaseChange:
    """The release that is live."""

    release: int
    build: int | None
    author: str
    since: datetime


@strawberry.subscription(
    description="How far a build is; without `build` all that run, one after the other. "
    "Needs the role `analyst`."
)
async def build_progress(info: Info, build: int | None = None) -> AsyncIterator[BuildProgress]:
    """Follow a build until it ends, or every build from now on."""
    check_role(info, "analyst")
    seen, last, shares = build, 0, dict[str, float]()
    async for notice in info.context.ears.hear(progress.SUBJECT):
        if notice.subject == progress.SUBJECT:
            number, moved = read_detail(notice.detail)
            if build is not None and number != build:
                continue
            if number != seen:
                seen, last, shares = number, 0, {}
            shares |= moved
        found = await _read(info, lambda c, b=seen, n=last: read_progress(c, b, n))
        if found is None:
            continue
        seen, last = found.build, found.lines[-1].id if found.lines else last
        yield _told(found, shares)
        if build is not None and not found.running:
            return


@strawberry.subscription(
    description="Which release is live, now and whenever that changes. Needs the role `reader`."
)
async def release_changes(info: Info) -> AsyncIterator[ReleaseChange]:
    """Follow the live release."""
    check_role(info, "reader")
    told: tuple[int, datetime] | None = None
    async for _ in info.context.ears.hear("release"):
        row = await _read(info, _live)
        if row is not None and (row.id, row.since) != told:
            told = row.id, row.since
            yield ReleaseChange(release=row.id, build=row.build, author=row.author, since=row.since)


def _live(connection: Connection) -> Row[Any] | None:
    return connection.execute(queries.LIVE_SINCE).one_or_none()


async def _read(info: Info, read: Any) -> Any:
    """Read in a connection that goes back at once: a subscription may last for days."""
    async with info.context.databases.reading.connect() as connection:
        return await connection.run_sync(read)


def _told(found: Progress, shares: dict[str, float]) -> BuildProgress:
    steps = [
        BuildStep(
            name=name,
            done=name in found.done,
            share=1.0 if name in found.done else shares.get(name, 0.0),
        )
        for name in found.steps
    ]
    lines = [BuildLine(at=line.at, step=line.step, message=line.message) for line in found.lines]
    return BuildProgress(
        build=found.build, state=found.state, share=found.share, steps=steps, lines=lines
    )
