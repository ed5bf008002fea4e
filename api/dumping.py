"""Dumps on their way to the database: answers leave them here and do not wait.

There is room for so many. What finds no room, or was not written yet when a process was killed,
is lost and no answer with it.
"""

import asyncio
from collections import deque
from contextlib import suppress

from sqlalchemy import Engine

from api import metrics
from ranking.dumps.dump import Dump, write_dumps
from weft.logs import log

ROOM = 1_000
AT_ONCE = 100
PATIENCE = 5.0


class Dumps:
    """What waits to be kept; one task writes it, so many answers in one statement."""

    def __init__(self, database: Engine, room: int = ROOM) -> None:
        self.database, self.room = database, room
        self.waiting: deque[Dump] = deque()
        self.some, self.writing = asyncio.Event(), asyncio.Lock()

    def leave(self, dump: Dump) -> None:
        """Leave a dump to be kept, where there is room."""
        if len(self.waiting) >= self.room:
            metrics.DUMPS.labels("overflowed").inc()
            return
        self.waiting.append(dump)
        self.some.set()

    async def write_on(self) -> None:
        """Write what comes, for as long as the process serves."""
        while True:
            await self.some.wait()
            await asyncio.shield(self.write())

    async def write(self) -> None:
        """Write what waits now."""
        self.some.clear()
        async with self.writing:
            while self.waiting:
                batch = [self.waiting.popleft() for _ in range(min(AT_ONCE, len(self.waiting)))]
                kept = await asyncio.to_thread(self._write, batch)
                metrics.DUMPS.labels("kept" if kept else "failed").inc(len(batch))

    async def finish(self, patience: float = PATIENCE) -> None:
        """Write what waits before the process ends, but let it end if the database does not."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self.write()

    def _write(self, batch: list[Dump]) -> bool:
        try:
            with self.database.begin() as connection:
                write_dumps(connection, batch)
        except Exception as error:  # one dump that cannot be kept must not end the keeping
            log("serving").warning("dumps were not kept", dumps=len(batch), error=str(error))
            return False
        return True
