"""Asking all channels of a scene at once; who is late or broken is left out, and named."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from psycopg import errors as postgres
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from recall import queries
from recall.candidates import Candidates, Enclosed, Finder, Question
from weft.database import only_reads
from weft.errors import ChannelFailed
from weft.logs import log

LIMIT = "recall limit"
SLACK = timedelta(seconds=1)  # the server is to notice first: a busy process of ours is no reason


@dataclass(frozen=True)
class Call:
    """One channel to ask: what, for how many candidates, and how long to wait."""

    channel: str
    finder: Finder
    question: Question
    top: int
    deadline: timedelta


@dataclass(frozen=True)
class Dropped:
    """A channel that gave nothing to this answer, and why."""

    channel: str
    reason: Literal["late", "failed"]


@dataclass(frozen=True)
class Gathered:
    """What the channels found, in the order in which they were asked."""

    candidates: tuple[Candidates, ...]
    dropped: tuple[Dropped, ...]

    def beside(self, other: "Gathered") -> "Gathered":
        """Give what was found by both."""
        return Gathered(self.candidates + other.candidates, self.dropped + other.dropped)


async def gather(database: AsyncEngine, calls: Sequence[Call]) -> Gathered:
    """Ask channels side by side, each on a connection of its own that may only read."""
    answers = await asyncio.gather(*(_ask(database, c) for c in calls), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return Gathered(
        tuple(answer for answer in answers if isinstance(answer, Candidates)),
        tuple(answer for answer in answers if isinstance(answer, Dropped)),
    )


async def _ask(database: AsyncEngine, call: Call) -> Candidates | Dropped:
    find = find_in_time
    if only_reads(database):
        if isinstance(call.finder, Enclosed):
            database = database.execution_options(isolation_level="READ COMMITTED")
        else:
            find = _find_quickly
    async with database.connect() as connection:
        try:
            async with asyncio.timeout((call.deadline + SLACK).total_seconds()):
                return await find(connection, call)
        except TimeoutError:
            return _dropped(call, "late")
        except OperationalError as error:
            if not isinstance(error.orig, postgres.QueryCanceled):
                raise
            return _dropped(call, "late")
        except ChannelFailed as error:
            log("recall").error("a channel failed", channel=call.channel, reason=str(error))
            return _dropped(call, "failed")


async def find_in_time(connection: AsyncConnection, call: Call) -> Candidates:
    """Ask a channel in a transaction that only reads, and whose statements end at the deadline."""
    async with connection.begin():
        await connection.execute(queries.ONLY_READ, _limit(call))
        return await call.finder.find(connection, call.question, call.top)


async def _find_quickly(connection: AsyncConnection, call: Call) -> Candidates:
    """Ask a channel on a connection that only reads; its limit stays as long as it suits."""
    limit = _limit(call)
    if connection.info.get(LIMIT) != limit:
        connection.info.pop(LIMIT, None)
        await connection.execute(queries.LIMIT, limit)
        connection.info[LIMIT] = limit
    return await call.finder.find(connection, call.question, call.top)


def _limit(call: Call) -> dict[str, str]:
    return {"limit": str(max(1, call.deadline // timedelta(milliseconds=1)))}


def _dropped(call: Call, reason: Literal["late", "failed"]) -> Dropped:
    log("recall").warning("a channel was left out", channel=call.channel, reason=reason)
    return Dropped(call.channel, reason)
