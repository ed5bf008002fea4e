"""The stage `rerank` of a request: where it fails or is late, the order before stands."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ranking.asking import Request, Scenes
from ranking.rerank.moved import Moved
from ranking.rerank.rearranging import Arranged, Cut, Order, rearrange
from ranking.scenes import Scene
from ranking.stages import Placed, Ranked
from recall.blending import Snake
from recall.candidates import Question
from recall.fusion import Found, Hit
from recall.gathering import Dropped
from weft.errors import WeftError
from weft.logs import log

PINNED = "pins"  # what stands for a channel where none has found an item


async def rerank(
    database: AsyncEngine,
    scenes: Scenes,
    scene: Scene,
    question: Question,
    ranked: Ranked,
    request: Request,
) -> Ranked:
    """Arrange the page that is asked for; behind it all others keep their order."""
    if scene.rerank is None or not scene.rerank.rules:
        return ranked
    order = _order(scene, ranked.order)
    cut = Cut(request.shown, request.first)
    try:
        made = await rearrange(database, scenes.catalog, scene.rerank, question, order, cut)
    except (TimeoutError, SQLAlchemyError, WeftError) as error:
        return replace(ranked, dropped=(*ranked.dropped, _dropped(error)))
    return Ranked(_placed(ranked.order, made), ranked.dropped)


def _order(scene: Scene, placed: Sequence[Placed]) -> Order:
    turns = scene.fusion is None or isinstance(scene.fusion, Snake)
    comparable = bool(placed and placed[0].stages) or not turns
    items = np.array([one.item for one in placed], np.int64)
    return Order(items, np.array([one.score for one in placed], np.float64), comparable)


def _placed(before: Sequence[Placed], made: Arranged) -> tuple[Placed, ...]:
    """Put those that were arranged before all others."""
    known, taken = {one.item: one for one in before}, set(made.items)
    first = [
        replace(known.get(item) or _pinned(item, moved), moved=moved)
        for item, moved in zip(made.items, made.moved, strict=True)
    ]
    return (*first, *(one for one in before if one.item not in taken))


def _pinned(item: int, moved: Moved) -> Placed:
    """Place an item that no channel has found."""
    return Placed(Found(item, 0.0, (Hit(PINNED, moved.place, 0.0),)))


def _dropped(error: Exception) -> Dropped:
    reason: Literal["late", "failed"] = "late" if isinstance(error, TimeoutError) else "failed"
    log("ranking").warning("a page was not re-ranked", reason=reason, error=str(error))
    return Dropped("rerank", reason)
