"""Sorting what was found by a wish: the newest, the cheapest, what people like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from graph.catalog import Catalog
from ranking import queries
from ranking.asking import Scenes
from ranking.searching.acting import Acted, Search
from recall.candidates import Question
from recall.fusion import Hit
from recall.gathering import Call, Dropped, gather
from recall.search.blending import LEXICAL, TAGS

POOL = 500  # what is sorted by a price or a time, of what was found
NEAR = 0.5  # of the best score; what is further off is not sorted to the front


@dataclass(frozen=True)
class Hits:
    """What was found before it is sorted, and what each part said."""

    items: NDArray[np.int32]
    scores: NDArray[np.float64]
    told: Mapping[str, Any] = field(default_factory=dict)
    by: Sequence[tuple[Hit, ...]] = ()
    dropped: tuple[Dropped, ...] = ()


async def sorted_by_wish(
    database: AsyncEngine,
    scenes: Scenes,
    asked: Search,
    acted: Acted,
    question: Question,
    hits: Hits,
) -> NDArray[np.int64]:
    """Give the places of what was found, in the order that is wanted."""
    if acted.sorted_by is None or not len(hits.items):
        return np.arange(len(hits.items))
    near = np.flatnonzero(_is_near(hits))
    items = hits.items[near]
    if asked.order == "popular":
        values = await _places(database, scenes, acted.sorted_by, question, items)
    else:
        async with database.connect() as connection:
            values = await _values(connection, scenes.catalog, acted.sorted_by, items)
        values = values if asked.order == "cheapest" else -values
    return near[np.argsort(np.where(np.isnan(values), np.inf, values), kind="stable")]


async def _places(
    database: AsyncEngine,
    scenes: Scenes,
    channel: str,
    question: Question,
    items: NDArray[np.int32],
) -> NDArray[np.float64]:
    """Give the places that items have in the list of a channel."""
    call = Call(channel, scenes.finders[channel], question, POOL, scenes.channels[channel].deadline)
    gathered = await gather(database, [call])
    liked = [item for some in gathered.candidates for item in some.items.tolist()]
    places = {item: place for place, item in enumerate(liked)}
    return np.array([places.get(item, len(liked)) for item in items.tolist()], np.float64)


def _is_near(hits: Hits) -> NDArray[np.bool_]:
    """Mark what is meant: a price sorts what was asked for, not what is somewhat like it."""
    if not hits.told:
        return np.ones(len(hits.items), np.bool_)
    parts = (np.asarray(hits.told[n]) for n in (LEXICAL, TAGS) if n in hits.told)
    said = sum(parts, np.zeros(len(hits.items)))
    named = said > 0
    if not named.any():
        return np.asarray(hits.scores >= NEAR * hits.scores.max(), np.bool_)
    return np.asarray(named & (said >= NEAR * said.max()), np.bool_)


async def _values(
    connection: AsyncConnection, catalog: Catalog, attribute: str, items: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Read a number or a time of items."""
    statement = queries.numbers_of(catalog, attribute)
    rows = (await connection.execute(statement, {"items": items.tolist()})).all()
    found = {row.id: row.value for row in rows}
    return np.array([found.get(item) for item in items.tolist()], np.float64)
