"""Events that wait to be sent; none goes before it is acknowledged."""

import time
import warnings
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from weft.errors import Unavailable

Event = Mapping[str, Any]


class Buffer:
    """Events in the order in which they were told; each has an id, so sending again is safe."""

    def __init__(self, batch: int = 500, seconds: float = 1.0, room: int = 50_000) -> None:
        self.batch, self.seconds, self.room = batch, seconds, room
        self.waiting: deque[Event] = deque()
        self.since = time.monotonic()

    def add(self, events: Iterable[Event]) -> None:
        """Take events in, named and dated; raise `Unavailable` where there is no room."""
        new = [{"id": uuid4().hex, "time": datetime.now(UTC), **event} for event in events]
        if len(self.waiting) + len(new) > self.room:
            raise Unavailable(
                f"{len(self.waiting):,} events wait to be sent already, and the API does not "
                "answer; none of these was taken"
            )
        if not self.waiting:
            self.since = time.monotonic()
        self.waiting.extend(new)

    @property
    def due(self) -> bool:
        """Tell whether it is time to send."""
        late = time.monotonic() - self.since >= self.seconds
        return len(self.waiting) >= self.batch or (late and bool(self.waiting))

    def next(self) -> list[Event]:
        """Give the events that are to be sent next; they stay until they are acknowledged."""
        return [self.waiting[place] for place in range(min(self.batch, len(self.waiting)))]

    def sent(self, count: int) -> None:
        """Let go what was acknowledged."""
        for _ in range(count):
            self.waiting.popleft()
        self.since = time.monotonic()

    def warn(self) -> None:
        """Say so where events are thrown away with their client."""
        if self.waiting:
            lost = f"{len(self.waiting):,} events were never sent: close the client, or flush it"
            warnings.warn(lost, ResourceWarning, stacklevel=3)
