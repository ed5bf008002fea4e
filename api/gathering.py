"""Calls that come at once are kept together: one transaction costs more than the events in it."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from api.spec import Spec
from api.tracking import MOST, Event, Kept, keep_events


@dataclass(frozen=True)
class Call:
    """Events of one request, and who waits for what becomes of them."""

    spec: Spec
    rows: Sequence[Event]
    answer: "asyncio.Future[Kept]"


class Gathering:
    """Calls of one process on their way to the database, one group at a time."""

    def __init__(self, pool: Engine) -> None:
        self.pool = pool
        self.waiting: deque[Call] = deque()
        self.busy: asyncio.Task[None] | None = None

    async def keep(self, spec: Spec, rows: Sequence[Event]) -> Kept:
        """Keep events together with those of other calls; returns once they are committed."""
        call = Call(spec, rows, asyncio.get_running_loop().create_future())
        self.waiting.append(call)
        if self.busy is None:
            self.busy = asyncio.create_task(self._work())
        return await call.answer

    async def _work(self) -> None:
        try:
            while self.waiting:
                await self._keep(self._group())
        finally:
            self.busy = None

    def _group(self) -> list[Call]:
        """Take the calls that fit together, in the order in which they came."""
        group = [self.waiting.popleft()]
        size = len(group[0].rows)
        while self.waiting and self.waiting[0].spec is group[0].spec:
            size += len(self.waiting[0].rows)
            if size > MOST:
                break
            group.append(self.waiting.popleft())
        return group

    async def _keep(self, group: Sequence[Call]) -> None:
        """Keep a group; a call that cannot be kept at all is no reason to refuse the others."""
        try:
            rows = [call.rows for call in group]
            told = await asyncio.to_thread(keep_events, self.pool, group[0].spec, rows)
        except Exception as error:  # told to whoever waits
            if len(group) == 1 or isinstance(error, OperationalError):
                for call in group:
                    _answer(call, error)
            else:
                for call in group:
                    await self._keep([call])
            return
        for call, kept in zip(group, told, strict=True):
            _answer(call, kept)


_gatherings: WeakKeyDictionary[Engine, Gathering] = WeakKeyDictionary()


def gathering_of(pool: Engine) -> Gathering:
    """Give the one that calls of a pool come together in."""
    if pool not in _gatherings:
        _gatherings[pool] = Gathering(pool)
    return _gatherings[pool]


def _answer(call: Call, told: Kept | Exception) -> None:
    if call.answer.done():  # nobody waits any more
        return
    if isinstance(told, Exception):
        call.answer.set_exception(told)
    else:
        call.answer.set_result(told)
