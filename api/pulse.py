"""Whether the database answers: asked all the time, so that no request need wait to find out."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

import psycopg

from weft.errors import Unavailable
from weft.logs import log
from weft.queries import ALIVE

EVERY = 0.25
AWAY = "the database does not answer; try again in a moment"
PATIENCE = 0.3  # twice: one late answer may be our own loop's fault
T = TypeVar("T")


class Pulse:
    """Beats as long as the database answers; `gone` is set while it does not."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.gone = asyncio.Event()

    async def beat(self) -> None:
        """Ask for ever."""
        while True:
            with suppress(psycopg.Error, OSError, TimeoutError):
                await self._while_it_answers()
            if not self.gone.is_set():
                log("database").error("the database does not answer")
                self.gone.set()
            await asyncio.sleep(EVERY)

    async def _while_it_answers(self) -> None:
        async with asyncio.timeout(2 * PATIENCE):
            connection = await psycopg.AsyncConnection.connect(self.url, autocommit=True)
        try:
            while True:
                await self._asked(connection)
                if self.gone.is_set():
                    log("database").info("the database answers again")
                    self.gone.clear()
                await asyncio.sleep(EVERY)
        finally:
            connection.pgconn.finish()

    async def _asked(self, connection: psycopg.AsyncConnection[Any]) -> None:
        asked = asyncio.ensure_future(connection.execute(ALIVE))
        for _ in range(2):
            await asyncio.wait({asked}, timeout=PATIENCE)
            if asked.done():
                await asked
                return
        asked.cancel()
        raise TimeoutError

    async def unless_gone(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for work, but no longer than the database answers."""
        task, gone = asyncio.ensure_future(work), asyncio.ensure_future(self.gone.wait())
        try:
            await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return await task
            raise Unavailable(AWAY)
        finally:
            gone.cancel()
            task.cancel()
