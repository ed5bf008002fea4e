"""When a call is sent once more, and after how long."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

MOMENTARY = (429, 502, 503, 504)  # answers after which asking again may help


@dataclass(frozen=True)
class Retrying:
    """So many further tries, each after a longer pause; how long exactly is left to chance."""

    times: int = 3
    first: float = 0.1  # seconds
    most: float = 5.0

    def pauses(self) -> Iterator[float]:
        """Give how long to wait before each further try."""
        for number in range(self.times):
            yield min(self.most, self.first * 2**number) * random.uniform(0.5, 1.0)


def pause_of(header: str | None, planned: float) -> float:
    """Wait as long as the server asks for, if it asks."""
    try:
        return max(planned, float(header)) if header else planned
    except ValueError:
        return planned
