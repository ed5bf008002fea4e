"""Finding what is like an item: one way after the other, until there is enough.

An item that nobody has met yet is so answered by what is known of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.ext.asyncio import AsyncEngine

from graph.where import EVERYTHING, Where
from recall.candidates import Candidates, History, Question
from recall.fusion import Found, Hit
from recall.gathering import Call, Dropped, gather
from recall.likeness.ways import EMPTY, UNKNOWN, Way
from weft.errors import BadRequest


@dataclass(frozen=True)
class Like:
    """What is like an item, as of a moment? `shown` is what the pages before have shown."""

    item: int
    first: int
    moment: datetime
    where: Where = EVERYTHING
    shown: tuple[int, ...] = ()


@dataclass(frozen=True)
class Similar:
    """Items in order, whether there are more, which ways gave nothing, and why there are none."""

    items: tuple[Found, ...]
    more: bool
    dropped: tuple[Dropped, ...] = ()
    reason: str | None = None


async def similar(database: AsyncEngine, ways: Sequence[Way], like: Like) -> Similar:
    """Make the whole order, and pass over what was shown."""
    if not ways:
        raise BadRequest("nothing in the spec leads from items to items: no channel and no space")
    question, wanted = _question(like), len(like.shown) + like.first + 1
    found: dict[int, Found] = {}
    dropped: list[Dropped] = []
    told: list[str] = []
    for way in ways:
        gathered = await gather(
            database, [Call(way.name, way.finder, question, wanted, way.deadline)]
        )
        dropped += gathered.dropped
        for some in gathered.candidates:
            found |= {one.item: one for one in _founds(some) if one.item not in found}
            told += _told(way, some, alone=len(ways) == 1)
        if len(found) >= wanted:
            break
    rest = [one for item, one in found.items() if item not in like.shown]
    reason = None if found else "; ".join(told) or None
    return Similar(tuple(rest[: like.first]), len(rest) > like.first, tuple(dropped), reason)


def _question(like: Like) -> Question:
    """Ask as for somebody who did something with the item just now."""
    history = History(
        np.array([like.item], np.int32),
        np.ones(1, np.float32),
        np.array([like.moment.timestamp()]),
        ("click",),
    )
    return Question("", None, like.moment, {}, like.where, (like.item,), history)


def _founds(some: Candidates) -> Iterator[Found]:
    pairs = zip(some.items.tolist(), some.scores.tolist(), strict=True)
    for rank, (item, score) in enumerate(pairs, 1):
        yield Found(item, score, (Hit(some.channel, rank, score),))


def _told(way: Way, some: Candidates, alone: bool) -> list[str]:
    """Say why a way has found nothing; a space without items is no way at all if it is named."""
    if len(some.items):
        return []
    if some.told.get(EMPTY):
        if alone:
            raise BadRequest(f"space '{way.name}' has no vectors of items")
        return [f"space '{way.name}' has no vectors of items"]
    if some.told.get(UNKNOWN):
        return [f"the item has no vector in space '{way.name}' yet"]
    return [f"{way.kind} '{way.name}' finds nothing like it that may be shown"]
