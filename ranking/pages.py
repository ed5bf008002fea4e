"""From a request to a page: recall, fuse, rank, leave out what was shown before, cut."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from ranking.asking import Asked, Request, Scenes, read_question
from ranking.features.asked import asked
from ranking.grounds import ground_of
from ranking.page import Page
from ranking.rerank.stage import rerank
from ranking.scenes import Scene, filled, stages_of
from ranking.stages import POOL, Ranked, rank, read_ahead
from recall.blending import AnyFusion, Calibrated, Share, Snake
from recall.calibration import STEP, UNMEASURED, Curves, load_curves
from recall.candidates import Question
from recall.channels.fresh import Fresh
from recall.channels.popular import Popular
from recall.fusion import Order
from recall.gathering import Call, Dropped, Gathered, gather
from weft.errors import NotFound
from weft.spec import unknown

USUAL = (Popular, Fresh)  # channels that have something for anybody


@dataclass(frozen=True)
class Recalled:
    """What was asked, what the channels found, and the order that fusion made of it."""

    question: Question
    calls: tuple[Call, ...]
    gathered: Gathered
    order: Order


async def recommend(database: AsyncEngine, scenes: Scenes, request: Request) -> Page:
    """Make one page; pages of one request fit together without gaps or repeats.

    The whole order is made each time, and what was shown before is passed over: whatever has
    become of a channel since page one, nothing comes twice.
    """
    scene = scene_of(scenes, request.scene)
    wanted = len(request.shown) + request.first + 1
    if any(stages_of(scene)):
        wanted = max(wanted, POOL)
    if scene.rerank is not None:
        wanted = max(wanted, scene.rerank.wanted(len(request.shown), request.first))
    alone = asked(request.person, request.scene, request.page_one, (), request.said)
    recalled, askers = await asyncio.gather(
        recall(database, scenes, request, wanted),
        read_ahead(database, scenes.models, scene, alone),
    )
    ranked = await rank(database, scenes.models, scene, recalled.question, recalled.order, askers)
    page = _cut(ranked, request, (*recalled.gathered.dropped, *ranked.dropped))
    if scene.rerank is not None and scene.rerank.rules:
        rules, question = scene.rerank, recalled.question
        page = await rerank(database, scenes, rules, question, ranked, request, page)
    ground = ground_of(recalled.question, recalled.gathered, ranked, page.items)
    return replace(page, ground=ground)


async def recall(
    database: AsyncEngine,
    scenes: Scenes,
    request: Request,
    wanted: int,
    patience: timedelta | None = None,
) -> Recalled:
    """Ask the channels of a scene and fuse what they find; no channel is left out if one waits."""
    scene = scene_of(scenes, request.scene)
    fusion, shares = scene.fusion or Snake(), scene.shares()
    async with database.connect() as connection:
        asked = await read_question(connection, scenes, scene, request)
        curves = await connection.run_sync(_curves, scenes, fusion)
    calls = _calls(scenes, shares, fusion, asked, wanted)
    if patience is not None:
        calls = [replace(call, deadline=patience) for call in calls]
    gathered = await gather(database, calls)
    weights = {name: share.weight for name, share in shares.items()}
    if patience is None and not any(len(found.items) for found in gathered.candidates):
        rest = _usual(scenes, shares)
        more = await gather(database, _calls(scenes, rest, fusion, asked, wanted))
        gathered, weights = gathered.beside(more), {**weights, **dict.fromkeys(rest, 1.0)}
    order = fusion.order(gathered.candidates, wanted, weights, curves)
    return Recalled(asked.question, tuple(calls), gathered, order)


def _usual(scenes: Scenes, shares: Mapping[str, Share]) -> dict[str, Share]:
    """Give what is asked where nothing else has an answer: popular and fresh, if declared."""
    names = [name for kind in USUAL for name, c in scenes.channels.items() if isinstance(c, kind)]
    return {name: Share() for name in names if name not in shares}


def scene_of(scenes: Scenes, name: str) -> Scene:
    """Give a scene with everything that it inherits."""
    if name not in scenes.scenes:
        raise NotFound(unknown("scene", name, scenes.scenes))
    return filled(scenes.scenes, name)


def _curves(connection: Connection, scenes: Scenes, fusion: AnyFusion) -> Curves:
    if not isinstance(fusion, Calibrated) or STEP not in scenes.artifacts:
        return UNMEASURED
    return load_curves(connection, scenes.artifacts[STEP])


def _calls(
    scenes: Scenes, shares: Mapping[str, Share], fusion: AnyFusion, asked: Asked, wanted: int
) -> list[Call]:
    calls = []
    for name, share in shares.items():
        channel = scenes.channels[name]
        question = asked.again if channel.repeats else asked.question
        depth = fusion.depth(share, wanted)
        calls.append(Call(name, scenes.finders[name], question, depth, channel.deadline))
    return calls


def _cut(ranked: Ranked, request: Request, dropped: tuple[Dropped, ...]) -> Page:
    rest = np.flatnonzero(~np.isin(ranked.items, request.shown))
    items = tuple(ranked[place] for place in rest[: request.first].tolist())
    return Page(items, len(rest) > request.first, dropped)
