"""A rehearsal: what pages would find for many persons at one moment, some at a time."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncEngine

from ranking.pages import Request, Scenes, question_of, scene_of
from recall.fusion import snake

AT_ONCE = 4
NOTHING_AHEAD = timedelta(0)  # the moment has a future in the database, which nobody had seen
Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Asked:
    """A person in a scene."""

    person: int
    scene: str


@dataclass(frozen=True)
class Told:
    """What was found for a person in a scene."""

    left_out: Ids
    deeds: int  # how much the person had done
    found: Mapping[str, Ids]  # channel -> items, the best first
    fused: Ids


async def ask_all(
    engine: AsyncEngine,
    scenes: Scenes,
    asked: Sequence[Asked],
    moment: datetime,
    top: int,
    tell: Callable[[float], None] = lambda _: None,
) -> list[Told]:
    """Ask for everybody, as if it were that moment."""
    told: dict[int, Told] = {}
    waiting = iter(enumerate(asked))

    async def work() -> None:
        for place, one in waiting:
            told[place] = await ask(engine, scenes, one, moment, top)
            tell(len(told) / len(asked))

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return [told[place] for place in range(len(asked))]


async def ask(engine: AsyncEngine, scenes: Scenes, one: Asked, moment: datetime, top: int) -> Told:
    """Ask every channel of the scene, and fuse what they find, as a page does."""
    scene = scene_of(scenes, one.scene)
    request = Request(one.scene, one.person, top, moment)
    async with engine.connect() as connection:
        question = await question_of(connection, scenes, scene, request, NOTHING_AHEAD)
        found = [
            await scenes.finders[name].find(connection, question, top)
            for name in scene.recall or []
        ]
    fused = np.array([placed.item for placed in snake(found, top)], np.int32)
    left_out = np.array(sorted(question.leave_out), np.int32)
    channels = {candidates.channel: candidates.items for candidates in found}
    return Told(left_out, len(question.history.items), channels, fused)
