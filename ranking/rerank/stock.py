"""What rules know of the items that they arrange, as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
NOBODY = -1


@dataclass(frozen=True)
class Codes:
    """The values that each row has of one thing, as numbers."""

    own: Sequence[tuple[int, ...]]  # of each row
    values: Ints  # (rows, most) the same; `NOBODY` where there are no more
    count: int  # of different values


@dataclass(frozen=True)
class Stock:
    """Items to arrange, the best first; behind them those that only are to be known."""

    items: Longs  # (rows,) ids
    relevance: Doubles  # (rows,) 1 for the best one, 0 at the depth that is looked at
    count: int  # how many rows are to be arranged
    codes: Mapping[str, Codes] = field(default_factory=dict)
    ages: Doubles = field(default_factory=lambda: np.zeros(0))  # (rows,) seconds on offer
    shown: tuple[int, ...] = ()  # rows that pages before have shown last
    pins: Mapping[int, int] = field(default_factory=dict)  # place → row
    start: int = 1  # the first place of the page
    page: int = 20  # how many it shows
    depth: int = 600  # how many rows may come next


@dataclass(frozen=True)
class Spot:
    """A place that is to be filled, and what stands around it."""

    place: int
    placed: Sequence[int]  # rows at the places before, the last one next to this
    pins: Mapping[int, int]  # that are still to come
    start: int
    page: int

    def within(self, window: int | None) -> Sequence[int]:
        """Give what stands, or is pinned, in any window around this place, or on its page."""
        if window is None:
            before, until = self.place - self.start, self.start + self.page
        else:
            before, until = window - 1, self.place + window
        behind = self.placed[max(0, len(self.placed) - before) :]
        if not self.pins:
            return behind
        return [*behind, *(row for place, row in self.pins.items() if place < until)]


@dataclass(frozen=True)
class Refusal:
    """What may not stand at a place: values that so many of the items around have already."""

    codes: Codes
    around: Sequence[int]  # the values of the items around, one for each time
    most: int

    def hits(self, row: int) -> bool:
        """Tell whether a row has a value that is there often enough."""
        return any(self.around.count(value) >= self.most for value in self.codes.own[row])

    def rows(self) -> Bools:
        """Mark all rows that have one."""
        counts = np.bincount(np.array(self.around, np.int64), minlength=self.codes.count + 1)
        full: Bools = counts >= self.most  # nobody's count, the last, is 0
        found: Bools = full[self.codes.values]
        return found[:, 0] if found.shape[1] == 1 else np.logical_or.reduce(found, axis=1)
