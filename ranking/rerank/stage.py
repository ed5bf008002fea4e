"""The stage `rerank` of a request: where it fails or is late, the order before stands."""

from dataclasses import replace
from typing import Literal

import numpy as np
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ranking.asking import Request, Scenes
from ranking.page import Page
from ranking.rerank.moved import Moved
from ranking.rerank.rearranging import Arranged, Cut, Order, rearrange
from ranking.rerank.spec import Rerank
from ranking.rerank.stock import Longs
from ranking.stages import Placed, Ranked
from recall.candidates import Question
from recall.fusion import Found, Hit
from recall.gathering import Dropped
from weft.errors import WeftError
from weft.logs import log

PINNED = "pins"  # what stands for a channel where none has found an item


async def rerank(
    database: AsyncEngine,
    scenes: Scenes,
    rerank: Rerank,
    question: Question,
    ranked: Ranked,
    request: Request,
    page: Page,
) -> Page:
    """Arrange the page that is asked for, or leave it as ranking has cut it."""
    comparable = bool(ranked.said) or ranked.fused.comparable
    order = Order(ranked.items.astype(np.int64), ranked.scores, comparable)
    cut = Cut(request.shown, request.first)
    try:
        made = await rearrange(database, scenes.catalog, rerank, question, order, cut)
    except (TimeoutError, SQLAlchemyError, WeftError) as error:
        return replace(page, dropped=(*page.dropped, _dropped(error)))
    more = page.more or len(made.items) > request.first
    return Page(_placed(ranked, made)[: request.first], more, page.dropped)


def _placed(ranked: Ranked, made: Arranged) -> tuple[Placed, ...]:
    """Tell of each item what was known of it, and what became of it."""
    places = {int(ranked.items[place]): place for place in _places(ranked, made).tolist()}
    known = {item: ranked[place] for item, place in places.items()}
    pairs = zip(made.items, made.moved, strict=True)
    return tuple(
        replace(known.get(item) or _pinned(item, moved), moved=moved) for item, moved in pairs
    )


def _places(ranked: Ranked, made: Arranged) -> Longs:
    return np.flatnonzero(np.isin(ranked.items, made.items))


def _pinned(item: int, moved: Moved) -> Placed:
    """Place an item that no channel has found."""
    return Placed(Found(item, 0.0, (Hit(PINNED, moved.place, 0.0),)))


def _dropped(error: Exception) -> Dropped:
    reason: Literal["late", "failed"] = "late" if isinstance(error, TimeoutError) else "failed"
    log("ranking").warning("a page was not re-ranked", reason=reason, error=str(error))
    return Dropped("rerank", reason)
