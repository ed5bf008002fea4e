"""A rehearsal: what pages would find for many persons at one moment, some at a time."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncEngine

from ranking.asking import Request, Scenes
from ranking.pages import Recalled, recall
from recall.candidates import Candidates
from recall.gathering import Dropped, gather

AT_ONCE = 4
NOTHING_AHEAD = timedelta(0)  # the moment has a future in the database, which nobody had seen
PATIENCE = timedelta(minutes=2)  # nobody waits for a page: no channel is left out for being late
Ids = NDArray[np.int32]
NOTHING: Ids = np.zeros(0, np.int32)


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
    dropped: tuple[Dropped, ...]


async def rehearse(
    database: AsyncEngine,
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
            told[place] = await _ask(database, scenes, one, moment, top)
            tell(len(told) / len(asked))

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return [told[place] for place in range(len(asked))]


async def _ask(
    database: AsyncEngine, scenes: Scenes, one: Asked, moment: datetime, top: int
) -> Told:
    """Recall as a page does; then ask the channels that a page asks for less than `top`."""
    request = Request(one.scene, one.person, top, moment, ahead=NOTHING_AHEAD)
    recalled = await recall(database, scenes, request, top, PATIENCE)
    shallow = [call for call in recalled.calls if call.top < top]
    deeper = await gather(database, [replace(call, top=top) for call in shallow])
    nothing = {call.channel: NOTHING for call in recalled.calls}
    found = nothing | _items(recalled.gathered.candidates) | _items(deeper.candidates)
    return Told(
        np.array(sorted(recalled.question.leave_out), np.int32),
        len(recalled.question.history.items),
        found,
        recalled.order.items[:top],
        _dropped(recalled, deeper.dropped),
    )


def _items(candidates: Sequence[Candidates]) -> dict[str, Ids]:
    return {one.channel: one.items for one in candidates}


def _dropped(recalled: Recalled, others: tuple[Dropped, ...]) -> tuple[Dropped, ...]:
    return (*recalled.gathered.dropped, *others)
