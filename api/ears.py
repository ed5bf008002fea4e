"""Who wants to hear notices in this process: each hears all of them, as far as there is room."""

import asyncio
from collections.abc import AsyncIterator

from weft.notices import Notice

ROOM = 1_000
AGAIN = Notice("again")  # something may have been missed: look for yourself


class Ears:
    """Passes notices on to everybody who listens; who is too slow is told to look again."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Notice]] = set()

    def tell(self, notice: Notice) -> None:
        """Pass a notice on."""
        for queue in self._queues:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(AGAIN)
            queue.put_nowait(notice)

    async def hear(self, *subjects: str) -> AsyncIterator[Notice]:
        """Give notices of some subjects as they come; the first one says to look."""
        queue: asyncio.Queue[Notice] = asyncio.Queue(ROOM)
        self._queues.add(queue)
        try:
            yield AGAIN
            while True:
                notice = await queue.get()
                if notice.subject in (*subjects, AGAIN.subject):
                    yield notice
        finally:
            self._queues.discard(queue)
