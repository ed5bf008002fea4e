"""Searching as planned: out of memory and decided by the database, or by the database alone."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.graph import Floats, Numbers
from graph.where import Where
from recall.planning import queries
from recall.planning.asked import Asked, Rows, joined, listed, rows_of
from recall.planning.choosing import Plan
from recall.planning.codes import Codes
from recall.planning.matching import Matching, Since
from recall.planning.store import Strategy

ENOUGH = 4_000  # matching rows of the nearest cells
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
NOTHING_NEW = Since(NEVER, NEVER)


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
) -> Rows | None:
    """Let memory find candidates and the database decide; nothing where memory is out of date."""
    found = _candidates(asked, codes, parts)
    since = _since(parts)
    values = {
        "moment": asked.moment,
        "ids": listed(found.ids.tolist()),
        "since": since.changed,
        "known": since.begun,
        "newest": codes.newest,
    }
    store, where, per = asked.store, asked.where, asked.attribute
    allowed, state = {}, (0, "0")
    for number, new, word in await connection.execute(queries.decided(store, where, per), values):
        if number:
            allowed[number] = word
        else:
            state = new, word
    edited = any(p.matching is not None and p.matching.edits != int(state[1]) for p in parts)
    if state[0] >= queries.MOST_NEW or edited:
        return None
    rows = _allowed(found, allowed)
    if not state[0]:
        return rows
    values |= asked.values()
    came = (await connection.execute(queries.fresh(store, where, per), values)).all()
    return joined(rows, rows_of(came))


def _candidates(asked: Asked, codes: Codes, parts: Sequence[Part]) -> Rows:
    """Give what each search finds in memory."""
    left_out = codes.rows_of(np.unique(np.array(asked.leave_out, np.int32)))
    found = []
    for part in parts:
        for number, search in enumerate(asked.searches, 1):
            rows = _found(codes, search, part, left_out)
            scores = codes.scores(search, rows).astype(np.float64)
            found.append(Rows(np.full(len(rows), number), codes.ids[rows], scores))
    return joined(*found)


def _allowed(found: Rows, values: Mapping[int, str | None]) -> Rows:
    """Keep what the database lets through, with the values that it has there."""
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


def enough(rows: Rows, asked: Asked, parts: Sequence[Part], codes: Codes) -> bool:
    """Tell whether guessing, if it was done, has found as many as are wanted."""
    if not any(part.plan.guessed and part.plan.top < len(codes) for part in parts):
        return True
    counts = np.bincount(rows.searches, minlength=len(asked.searches) + 1)[1:]
    return bool((counts >= asked.each).all())
