"""The sockets of one process: how many there may be, and how all of them are closed."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from weft.errors import Unauthenticated

MOST = 200
GOING_AWAY, RESTARTED, FORBIDDEN = 1001, 1012, 4403  # codes of RFC 6455 and of the protocol


class Open(Protocol):
    """A socket that is open."""

    @property
    def schema(self) -> object:
        """The schema that it was opened with."""

    async def check(self) -> None:
        """Raise `Unauthenticated` if its key is good no more."""

    async def close(self, code: int, reason: str) -> None:
        """End it, and all that is heard over it."""


class Sockets:
    """All that are open, so that they can be closed in order."""

    def __init__(self) -> None:
        self.open: set[Open] = set()
        self.closing: set[asyncio.Task[None]] = set()

    @property
    def full(self) -> bool:
        """Tell whether there is no room for one more."""
        return len(self.open) >= MOST

    async def close_all(self) -> None:
        """Tell everybody that this process ends."""
        closing = (socket.close(GOING_AWAY, "this process ends") for socket in set(self.open))
        await asyncio.gather(*closing, *self.closing, return_exceptions=True)

    def close_others(self, schema: object) -> None:
        """Close the sockets of another schema: it went with its release."""
        for socket in [one for one in self.open if one.schema is not schema]:
            self._soon(socket.close(RESTARTED, "another schema is served; connect again"))

    def check_keys(self) -> None:
        """Close the sockets whose key is good no more."""
        for socket in set(self.open):
            self._soon(_check(socket))

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.closing.add(task)
        task.add_done_callback(self.closing.discard)


async def _check(socket: Open) -> None:
    try:
        await socket.check()
    except Unauthenticated as error:
        await socket.close(FORBIDDEN, str(error))
