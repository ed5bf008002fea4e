"""Searching by what somebody typed: words, tags and vectors find; price and order words act."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy.ext.asyncio import AsyncEngine

from graph.where import both
from nlp.asking import bare
from ranking import queries
from ranking.asking import Scenes, read_words
from ranking.searching.acting import Acted, Search, acted_on, keyword_channel
from ranking.searching.sorting import POOL, Hits, sorted_by_wish
from recall.candidates import Question
from recall.channels.spec import Listed
from recall.fusion import Found, Hit, snake
from recall.gathering import Call, Dropped, gather
from recall.search.blending import INTENT, LEXICAL, TAGS
from weft.errors import BadRequest

PARTS = (LEXICAL, TAGS, INTENT)


@dataclass(frozen=True)
class Results:
    """Items in order with the parts of their scores, whether there are more, and what was done."""

    items: tuple[Found, ...]
    parts: Mapping[int, Mapping[str, float]]
    more: bool
    acted: Acted
    dropped: tuple[Dropped, ...] = ()


async def search(database: AsyncEngine, scenes: Scenes, asked: Search) -> Results:
    """Find, narrow and sort; the whole order is made, and what was shown passed over."""
    if not asked.keyword.strip():
        raise BadRequest("keyword: say what is searched for")
    channel = keyword_channel(scenes)
    acted, narrow = acted_on(scenes, asked)
    async with database.connect() as connection:
        words = await read_words(connection, asked.person)
    where = both(asked.where, narrow)
    question = Question("", asked.person, asked.moment, words, where, keyword=asked.keyword)
    wanted = len(asked.shown) + asked.first + 1
    top = max(POOL, wanted) if acted.sorted_by else wanted
    if bare(asked.keyword):
        hits = await _found(database, scenes, channel, question, top)
    else:  # a price or an order and nothing else: what there is, as people like it
        hits = await _browsed(database, scenes, question, top)
    order = await sorted_by_wish(database, scenes, asked, acted, question, hits)
    rest = [n for n in order.tolist() if int(hits.items[n]) not in asked.shown]
    page = rest[: asked.first]
    parts = {int(hits.items[n]): _parts(hits, n) for n in page}
    found = tuple(Found(int(hits.items[n]), float(hits.scores[n]), hits.by[n]) for n in page)
    return Results(found, parts, len(rest) > asked.first, acted, hits.dropped)


async def _found(
    database: AsyncEngine, scenes: Scenes, channel: str, question: Question, top: int
) -> Hits:
    call = Call(channel, scenes.finders[channel], question, top, scenes.channels[channel].deadline)
    gathered = await gather(database, [call])
    if not gathered.candidates:
        return Hits(np.zeros(0, np.int32), np.zeros(0), dropped=gathered.dropped)
    (some,) = gathered.candidates
    pairs = enumerate(some.scores.tolist(), 1)
    by = [(Hit(channel, rank, score),) for rank, score in pairs]
    return Hits(some.items, some.scores, some.told, by, gathered.dropped)


async def _browsed(database: AsyncEngine, scenes: Scenes, question: Question, top: int) -> Hits:
    """Take turns between the lists that the spec declares, such as popular and fresh."""
    listed = {n: c for n, c in sorted(scenes.channels.items()) if isinstance(c, Listed)}
    calls = [Call(n, scenes.finders[n], question, top, c.deadline) for n, c in listed.items()]
    gathered = await gather(database, calls)
    order = list(snake(gathered.candidates, top))
    if len(order) < top:
        order += await _newest(database, scenes, question, [one.item for one in order], top)
    return Hits(
        np.array([one.item for one in order], np.int32),
        np.array([one.score for one in order], np.float64),
        by=[one.found_by for one in order],
        dropped=gathered.dropped,
    )


async def _newest(
    database: AsyncEngine, scenes: Scenes, question: Question, known: list[int], top: int
) -> list[Found]:
    """Give what no list holds, the last that came first."""
    statement = queries.newest(scenes.catalog, question)
    async with database.connect() as connection:
        values = {"left_out": known, "top": top - len(known)}
        items = (await connection.execute(statement, values)).scalars().all()
    places = enumerate(items, 1)
    return [Found(item, 0.0, (Hit("newest", rank, 0.0),)) for rank, item in places]


def _parts(hits: Hits, place: int) -> dict[str, float]:
    return {name: float(hits.told[name][place]) for name in PARTS if name in hits.told}
