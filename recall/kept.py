"""Values that a process keeps for a while, within some room."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Kept(Generic[V]):
    """The values last used: within some room, and up to some age in seconds."""

    def __init__(self, room: int, age: float | None = None) -> None:
        self.room, self.age, self.taken = room, age, 0
        self.values: OrderedDict[Hashable, tuple[V, int, float]] = OrderedDict()
        self.locks: dict[Hashable, asyncio.Lock] = {}

    def get(self, key: Hashable) -> V | None:
        """Give a value that is kept."""
        found = self.values.get(key)
        if found is None:
            return None
        if self.age is not None and time.monotonic() > found[2] + self.age:
            self.drop(key)
            return None
        self.values.move_to_end(key)
        return found[0]

    def keep(self, key: Hashable, value: V, size: int = 1) -> None:
        """Keep a value; what was not used for longest goes."""
        self.drop(key)
        self.values[key] = value, size, time.monotonic()
        self.taken += size
        while self.taken > self.room and len(self.values) > 1:
            self.taken -= self.values.popitem(last=False)[1][1]

    def drop(self, key: Hashable) -> None:
        """Forget a value."""
        if key in self.values:
            self.taken -= self.values.pop(key)[1]

    async def find(
        self,
        key: Hashable,
        make: Callable[[], Awaitable[V]],
        size: Callable[[V], int] = lambda value: 1,
    ) -> V:
        """Give what is kept, or make it: once, however many ask meanwhile."""
        found = self.get(key)
        if found is not None:
            return found
        lock = self.locks.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                found = self.get(key)
                if found is None:
                    found = await make()
                    self.keep(key, found, size(found))
                return found
        finally:
            if not lock.locked():
                self.locks.pop(key, None)
