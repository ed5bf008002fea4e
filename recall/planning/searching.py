"""Searching as planned: out of memory and decided by the database, or by the database alone."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.graph import Floats, Numbers
from graph.where import Where
from recall.planning import queries
from recall.planning.asked import Asked, Rows, joined, listed, rows_of
from recall.planning.choosing import Plan
from recall.planning.codes import Codes
from recall.planning.matching import Matching, Since
from recall.planning.quickly import rows_quickly
from recall.planning.store import Strategy

ENOUGH = 2_000  # matching rows of the nearest cells
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
START, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
NOTHING_NEW = Since(NEVER, NEVER)


class Stale(Enum):
    """What of memory is out of date."""

    CODES = "vectors were placed"
    MATCHING = "other items match"


@dataclass(frozen=True)
class Part:
    """One filter, how it is searched, and what memory knows of it."""

    where: Where
    plan: Plan
    matching: Matching | None = None


async def by_database(connection: AsyncConnection, asked: Asked, plan: Plan) -> Rows:
    """Let the database search: it measures what matches, or walks the index."""
    store, where, per = asked.store, asked.where, asked.attribute
    if plan.table is not None:
        statement = queries.indexed_by_value(store, where, plan.table)
    elif plan.strategy is Strategy.EXACT:
        statement = queries.measured(store, where, per)
    else:
        statement = queries.indexed(store, where, per)
    values = {**asked.values(), "k": asked.each, **_settings(plan)}
    if asked.per is not None:
        values["values"] = list(asked.per.values)
    async with _for_itself(connection):
        return rows_of((await connection.execute(statement, values)).all())


async def by_memory(
    connection: AsyncConnection, asked: Asked, codes: Codes, parts: Sequence[Part]
) -> Rows | Stale:
    """Let memory find candidates and the database decide, or say what has to be filled anew."""
    found = [
        _candidates(asked, codes, part, number) for part in parts for number in asked.numbers()
    ]
    since = _since(parts)
    values = {
        "moment": asked.moment,
        "ids": listed(joined(*found).ids.tolist()),
        "since": since.changed,
        "known": since.begun,
        "newest": codes.newest,
    }
    statement = queries.decided(asked.store, asked.where, asked.attribute)
    answers = await rows_quickly(connection, statement, values)
    allowed = {row[0]: row[1] for row in answers if row[0]}
    state = State(*map(int, next(row[1] for row in answers if not row[0]).split()))
    kept = [_allowed(rows, allowed) for rows in found]
    known = [part.matching for part in parts if part.matching is not None]
    stale = any(one.edits != state.edits for one in known) or _short(asked, parts, found, kept)
    begun = any(one.next is not None and one.next <= asked.moment for one in known)
    if not begun and not state.moved(codes, since):
        return Stale.MATCHING if stale else joined(*kept)
    came = await _came(connection, asked, values)
    if isinstance(came, Stale) or not stale:
        return came if isinstance(came, Stale) else joined(*kept, came)
    return Stale.MATCHING


@dataclass(frozen=True)
class State:
    """What the database says of what memory may not know."""

    newest: int  # the last node that was placed
    changed: int  # when an item was changed last, in microseconds since 1970
    edits: int  # the version of the tags

    def moved(self, codes: Codes, since: Since) -> bool:
        """Tell whether there is anything that memory does not know."""
        changed = self.changed >= (since.changed - START) // MICROSECOND
        return changed or self.newest > codes.newest


async def _came(
    connection: AsyncConnection, asked: Asked, values: Mapping[str, Any]
) -> Rows | Stale:
    """Measure what came since memory was filled, unless that is too much."""
    statement = queries.fresh(asked.store, asked.where, asked.attribute)
    rows = (await connection.execute(statement, {**values, **asked.values()})).all()
    new, placed = next((row[1], row[2]) for row in rows if not row[0])
    if placed >= queries.MOST_NEW:
        return Stale.CODES
    return Stale.MATCHING if new >= queries.MOST_NEW else rows_of([row for row in rows if row[0]])


def _short(
    asked: Asked, parts: Sequence[Part], found: Sequence[Rows], kept: Sequence[Rows]
) -> bool:
    """Tell whether a search proposed as much as it might, and too little of it passed."""
    tops = [part.plan.top for part in parts for _ in asked.numbers()]
    return any(
        len(rows) == top and len(still) < asked.each
        for rows, still, top in zip(found, kept, tops, strict=True)
    )


def _candidates(asked: Asked, codes: Codes, part: Part, number: int) -> Rows:
    """Give what one search finds in memory."""
    left_out = codes.rows_of(np.array(asked.leave_out, np.int32))
    search = asked.searches[number - 1]
    rows = _found(codes, search, part, left_out)
    scores = codes.scores(search, rows).astype(np.float64)
    return Rows(np.full(len(rows), number), codes.ids[rows], scores)


def _allowed(found: Rows, values: Mapping[int, str | None]) -> Rows:
    """Keep what the database lets through, with the values that it has there."""
    if not len(found):
        return found
    ids = found.ids.tolist()
    kept = np.array([number in values for number in ids], bool)
    words = tuple(values[number] for number in ids if number in values)
    return Rows(found.searches[kept], found.ids[kept], found.scores[kept], words)


def _found(codes: Codes, search: Floats, part: Part, left_out: Numbers) -> Numbers:
    plan, matching = part.plan, part.matching
    if matching is not None and (matching.flags is None or plan.strategy is Strategy.SHORTLIST):
        rows = matching.rows
        if len(left_out):
            rows = rows[~np.isin(rows, left_out, assume_unique=True)]
        return codes.among(search, rows, plan.top)
    flags = codes.every if matching is None else matching.flags
    assert flags is not None
    if len(left_out):
        flags = flags.copy()
        flags[left_out] = 0
    share = 1.0 if matching is None else plan.share
    return codes.near(search, flags, max(ENOUGH, 40 * plan.top), share, plan.top)


def _since(parts: Sequence[Part]) -> Since:
    known = [part.matching.since for part in parts if part.matching is not None]
    if not known:
        return NOTHING_NEW
    return Since(min(s.changed for s in known), min(s.begun for s in known))


def _settings(plan: Plan) -> Mapping[str, str]:
    return {"ef": str(plan.ef or 100), "going_on": "relaxed_order", "most": "200000", "memory": "8"}


@asynccontextmanager
async def _for_itself(connection: AsyncConnection) -> AsyncIterator[None]:
    """Let parameters end with the statement: its own transaction, or what is taken back of one."""
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is not None and driver.autocommit:
        yield
        return
    point = await connection.begin_nested()
    try:
        yield
    finally:
        if point.is_active:
            await point.rollback()
