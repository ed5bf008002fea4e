"""What a request says that somebody did just now, as it is sent: keys, kinds and perhaps times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ranking import queries
from recall.candidates import Deed

STEP = 1.0  # seconds between deeds that are sent without times


@dataclass(frozen=True)
class Sent:
    """Something done to an item."""

    item: str
    kind: str
    time: datetime | None = None


@dataclass(frozen=True)
class Told:
    """The deeds of items that there are, the oldest first; and the keys of items there are not."""

    deeds: tuple[Deed, ...] = ()
    unknown: tuple[str, ...] = ()


async def read_sent(connection: AsyncConnection, sent: Sequence[Sent], moment: datetime) -> Told:
    """Look the items up; removed ones still tell what somebody likes."""
    if not sent:
        return Told()
    keys = sorted({one.item for one in sent})
    rows = await connection.execute(queries.KEYED, {"keys": keys})
    ids = {row.key: row.id for row in rows}
    timed = zip(sent, times_of(sent, moment), strict=True)
    deeds = [Deed(ids[one.item], one.kind, time) for one, time in timed if one.item in ids]
    return Told(
        tuple(sorted(deeds, key=lambda deed: deed.time)),
        tuple(key for key in keys if key not in ids),
    )


def times_of(sent: Sequence[Sent], moment: datetime) -> list[float]:
    """Give each its time: one without comes just before the next, and none is of the future."""
    latest, found = moment.timestamp(), list[float]()
    for one in reversed(sent):
        behind = (found[-1] if found else latest) - STEP
        time = behind if one.time is None else one.time.timestamp()
        found.append(min(time, latest - STEP))
    return found[::-1]
