"""Work that takes minutes, in a thread that no process waits for when it ends."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def beside(work: Callable[[], T]) -> T:
    """Do work in a thread of its own; where nobody waits any more it is left to itself."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def tell(told: Callable[[], None]) -> None:
        def unless_left() -> None:
            if not done.done():
                told()

        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(unless_left)

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # told to whoever waits
            failed = error
            tell(lambda: done.set_exception(failed))
        else:
            tell(lambda: done.set_result(result))

    threading.Thread(target=run, name="beside", daemon=True).start()
    return await done
