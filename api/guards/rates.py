"""How much a key may ask for: a bucket of cost for each, filled at a steady rate."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from weft.errors import RateLimited

BURST = 10  # seconds that a bucket holds
MOST_BUCKETS = 10_000


@dataclass
class Bucket:
    """What a key has left; it may fall below nothing by one request."""

    left: float
    since: float


class Rates:
    """The buckets of one process. `usual`: cost a second for keys that have no rate; 0 is any."""

    def __init__(self, usual: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.usual, self.clock = usual, clock
        self.buckets: dict[str, Bucket] = {}

    def enter(self, key: str, own: float | None) -> None:
        """Let a request in, or say when to come again."""
        rate = self.usual if own is None else own
        if rate <= 0:
            return
        bucket, now = self._bucket(key, rate), self.clock()
        bucket.left = min(rate * BURST, bucket.left + (now - bucket.since) * rate)
        bucket.since = now
        if bucket.left <= 0:
            raise RateLimited(math.ceil((1 - bucket.left) / rate))

    def spend(self, key: str, cost: int) -> None:
        """Take what a request costs."""
        bucket = self.buckets.get(key)
        if bucket is not None:
            bucket.left -= cost

    def _bucket(self, key: str, rate: float) -> Bucket:
        if key not in self.buckets:
            if len(self.buckets) >= MOST_BUCKETS:
                self.buckets.clear()
            self.buckets[key] = Bucket(rate * BURST, self.clock())
        return self.buckets[key]
