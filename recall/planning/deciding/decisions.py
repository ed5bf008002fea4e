"""Memory proposes and the database decides; or it says what of memory is out of date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.graph import Numbers
from graph.meaning import Meaning
from recall.offers.since import Since
from recall.planning.asked import Asked, Rows, joined, listed, rows_of
from recall.planning.codes import Codes
from recall.planning.deciding import queries
from recall.planning.deciding.proposing import Part, propose
from recall.quickly import rows_quickly

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
START, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
NOTHING_NEW = Since(NEVER, NEVER)


class Stale(Enum):
    """What of memory is out of date."""

    CODES = "vectors were placed"
    MATCHING = "other items match"


@dataclass(frozen=True)
class Decided:
    """What the database says: which proposals may be found, and what memory may not know."""

    values: Mapping[int, str | None]  # by item that may be found: of the attribute with quotas
    newest: int  # the last node that was placed
    changed: int  # when an item was changed last, in microseconds since 1970
    edits: int  # the version of the tags

    def moved(self, codes: Codes, since: Since) -> bool:
        """Tell whether there is anything that memory does not know."""
        changed = self.changed >= (since.changed - START) // MICROSECOND
        return changed or self.newest > codes.newest

    def kept(self, found: Rows) -> Rows:
        """Keep what may be found."""
        kept = [number in self.values for number in found.ids.tolist()]
        if all(kept):
            return found
        some = np.array(kept, bool)
        return Rows(found.searches[some], found.ids[some], found.scores[some])

    def valued(self, rows: Rows) -> Rows:
        """Give rows the values that the database has there."""
        return replace(rows, values=tuple(self.values[number] for number in rows.ids.tolist()))


@dataclass(frozen=True)
class News:
    """What the database says that memory may not know, where memory knows all that matches."""

    changed: Numbers  # ids of items
    newest: int
    edits: int

    def too_much(self, parts: Sequence[Part], meaning: Meaning) -> bool:
        """Tell whether memory has to be filled anew."""
        many = len(self.changed) > queries.MOST_NEW
        return many or _edited(parts, meaning, self.edits)


async def read_news(
    connection: AsyncConnection, asked: Asked, parts: Sequence[Part]
) -> News | None:
    """Ask what has changed, where that is all that is not known; nothing where more is not."""
    store = asked.store
    lasting = store.kind == "item" and store.catalog.lifetime.ends is None
    if not lasting or asked.per is not None or any(part.matching is None for part in parts):
        return None
    values = {"since": _since(parts).changed}
    ((packed, newest, edits),) = await rows_quickly(connection, queries.news(store), values)
    return News(np.frombuffer(packed or b"", ">i4").astype(np.int32), newest, edits)


async def by_memory(
    connection: AsyncConnection,
    asked: Asked,
    codes: Codes,
    parts: Sequence[Part],
    meaning: Meaning,
    news: News | None = None,
) -> Rows | Stale:
    """Let memory find candidates and the database decide, or say what has to be filled anew."""
    found = [propose(asked, codes, part, number) for part in parts for number in asked.numbers()]
    since = _since(parts)
    if news is not None:
        return await _with_news(connection, asked, codes, parts, meaning, news, found)
    decided = await _decided(connection, asked, meaning, found)
    kept = [decided.kept(rows) for rows in found]
    if asked.per is not None:
        kept = [decided.valued(rows) for rows in kept]
    stale = _outdated(parts, meaning, decided) or _short(asked, parts, found, kept)
    if not _begun(parts, asked.moment) and not decided.moved(codes, since):
        return Stale.MATCHING if stale else joined(*kept)
    values = {"since": since.changed, "known": since.begun, "newest": codes.newest}
    came = await _came(connection, asked, meaning, values)
    if isinstance(came, Stale) or not stale:
        return came if isinstance(came, Stale) else joined(*kept, came)
    return Stale.MATCHING


async def _with_news(
    connection: AsyncConnection,
    asked: Asked,
    codes: Codes,
    parts: Sequence[Part],
    meaning: Meaning,
    news: News,
    found: Sequence[Rows],
) -> Rows | Stale:
    """Let stand what has not changed; the database decides on all that has."""
    kept = [rows.without(news.changed) for rows in found]
    moved = len(news.changed) or news.newest > codes.newest or _begun(parts, asked.moment)
    if not moved:
        return joined(*kept)
    since = _since(parts)
    values = {"since": since.changed, "known": since.begun, "newest": codes.newest}
    came = await _came(connection, asked, meaning, values)
    return came if isinstance(came, Stale) else joined(*kept, came)


async def _decided(
    connection: AsyncConnection, asked: Asked, meaning: Meaning, found: Sequence[Rows]
) -> Decided:
    statement = queries.decided(asked.store, asked.where, meaning, asked.attribute)
    values = {"moment": asked.moment, "ids": listed(joined(*found).ids.tolist())}
    packed, words, *state = (await rows_quickly(connection, statement, values))[0]
    ids = np.frombuffer(packed or b"", ">i4").tolist()
    return Decided(dict(zip(ids, words, strict=True)) if words else dict.fromkeys(ids), *state)


async def _came(
    connection: AsyncConnection, asked: Asked, meaning: Meaning, values: Mapping[str, Any]
) -> Rows | Stale:
    """Measure what came since memory was filled, unless that is too much."""
    statement = queries.fresh(asked.store, asked.where, meaning, asked.attribute)
    rows = (await connection.execute(statement, {**values, **asked.values()})).all()
    new, placed = next((row[1], row[2]) for row in rows if not row[0])
    if placed >= queries.MOST_NEW:
        return Stale.CODES
    return Stale.MATCHING if new >= queries.MOST_NEW else rows_of([row for row in rows if row[0]])


def _outdated(parts: Sequence[Part], meaning: Meaning, decided: Decided) -> bool:
    """Tell whether tags were edited since memory asked what matches, or what tags mean."""
    return _edited(parts, meaning, decided.edits)


def _edited(parts: Sequence[Part], meaning: Meaning, edits: int) -> bool:
    known = [part.matching.edits for part in parts if part.matching is not None]
    return any(version not in (None, edits) for version in (*known, meaning.version))


def _begun(parts: Sequence[Part], moment: datetime) -> bool:
    """Tell whether another item has begun since memory asked what matches."""
    begins = [part.matching.next for part in parts if part.matching is not None]
    return any(begin is not None and begin <= moment for begin in begins)


def _short(
    asked: Asked, parts: Sequence[Part], found: Sequence[Rows], kept: Sequence[Rows]
) -> bool:
    """Tell whether a search proposed as much as it might, and too little of it passed."""
    tops = [part.plan.top for part in parts for _ in asked.numbers()]
    return any(
        len(rows) == top and len(still) < asked.each
        for rows, still, top in zip(found, kept, tops, strict=True)
    )


def _since(parts: Sequence[Part]) -> Since:
    known = [part.matching.since for part in parts if part.matching is not None]
    if not known:
        return NOTHING_NEW
    return Since(min(s.changed for s in known), min(s.begun for s in known))
