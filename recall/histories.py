"""What a person did of late: what is stored, and what the request itself says."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.compiled import Flags
from recall import queries
from recall.candidates import NOTHING, Deed, History
from recall.planning.memory import memory_of
from recall.quickly import rows_quickly

WINDOW = timedelta(days=90)
MOST = 200
AHEAD = timedelta(days=2)  # no event is dated further ahead
TWICE = 1800.0  # seconds before the first deed that is sent in which the same deed is no other


async def read_history(
    connection: AsyncConnection, person: int, positive: Mapping[str, float], until: datetime
) -> History:
    """Read the last positive events of a person, the newest first."""
    memory, what = memory_of(connection).persons, ("history", *positive)
    if not memory.listening:
        return await _read(connection, person, positive, until, until)
    found: History | None = memory.find(person, what)
    if found is None:
        asked = memory.notices
        found = await _read(connection, person, positive, until, until + AHEAD)
        memory.keep(person, what, found, asked)
    if len(found.times) and found.times[0] > until.timestamp():  # that counts for later pages
        return await _read(connection, person, positive, until, until)
    return found.after((until - WINDOW).timestamp())


async def _read(
    connection: AsyncConnection,
    person: int,
    positive: Mapping[str, float],
    moment: datetime,
    until: datetime,
) -> History:
    values = {
        "person": person,
        "kinds": list(positive),
        "since": moment - WINDOW,
        "until": until,
        "most": MOST,
    }
    rows = await rows_quickly(connection, queries.HISTORY, values)
    if not rows:
        return NOTHING
    items, kinds, times = zip(*rows, strict=True)
    return History(
        np.array(items, np.int32),
        np.array([positive[kind] for kind in kinds], np.float32),
        np.array(times, np.float64),
        kinds,
    )


def joined(history: History, deeds: Sequence[Deed], positive: Mapping[str, float]) -> History:
    """Add what a request says that somebody did; what is stored of the same deeds goes."""
    liked = [deed for deed in deeds if deed.kind in positive]
    if not liked:
        return history
    items, kinds, times = zip(*reversed(liked), strict=True)
    stored = ~told_again(history.items, history.kinds, history.times, deeds)
    found = np.concatenate([np.array(times, np.float64), history.times[stored]])
    order = np.argsort(-found, kind="stable")[:MOST]
    weights = np.array([positive[kind] for kind in kinds], np.float32)
    names = np.array([*kinds, *np.array(history.kinds, object)[stored]], object)
    return History(
        np.concatenate([np.array(items, np.int32), history.items[stored]])[order],
        np.concatenate([weights, history.weights[stored]])[order],
        found[order],
        tuple(names[order]),
    )


def told_again(
    items: NDArray[np.integer],
    kinds: Sequence[str],
    times: NDArray[np.float64],
    deeds: Sequence[Deed],
) -> Flags:
    """Mark what is stored of deeds that a request tells: they may have been tracked as well."""
    if not deeds:
        return np.zeros(len(items), np.bool_)
    told = {(deed.item, deed.kind) for deed in deeds}
    since = min(deed.time for deed in deeds) - TWICE
    same = [pair in told for pair in zip(items.tolist(), kinds, strict=True)]
    return np.array(same, np.bool_) & (times >= since)
