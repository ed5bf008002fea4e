"""What rules know of the items that they arrange, as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]
NOBODY = -1


@dataclass(frozen=True)
class Codes:
    """The values that each row has of one thing, as numbers; `NOBODY` where there are no more."""

    values: Longs  # (rows, most)
    count: int  # of different values

    def members(self, rows: Sequence[int]) -> Bools:
        """Mark the values that these rows have; the last mark, of nobody, stays off."""
        marked = np.zeros(self.count + 1, bool)
        marked[self.values[rows].ravel()] = True
        marked[NOBODY] = False
        return marked

    def counts(self, rows: Sequence[int]) -> Longs:
        """Count how many of these rows have each value; nobody's count, the last, stays 0."""
        counted = np.bincount(self.values[rows].ravel() % (self.count + 1), None, self.count + 1)
        counted[NOBODY] = 0
        return counted

    def any_of(self, marked: Bools) -> Bools:
        """Tell which rows have a value that is marked."""
        found: Bools = marked[self.values]
        return found[:, 0] if found.shape[1] == 1 else np.logical_or.reduce(found, axis=1)


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
    pins: Mapping[int, int]
    start: int
    page: int

    def last(self, count: int) -> list[int]:
        """Give what stands at the last places."""
        return list(self.placed[-count:]) if count else []

    def within(self, window: int | None) -> list[int]:
        """Give what stands, or is pinned, in any window around this place, or on its page."""
        if window is None:
            before, until = self.place - self.start, self.start + self.page
        else:
            before, until = window - 1, self.place + window
        ahead = (row for place, row in self.pins.items() if self.place < place < until)
        return [*self.last(before), *ahead]


def similarity(stock: Stock, by: Sequence[str], row: int) -> Doubles:
    """Tell how alike each row is to one: the mean over things of the cosine of their values."""
    total: Doubles = np.zeros(len(stock.items))
    for name in by:
        codes = stock.codes[name]
        if codes.values.shape[1] == 1:
            value = codes.values[row, 0]
            if value != NOBODY:
                total += codes.values[:, 0] == value
        else:
            total += _cosine(codes, row)
    return total / len(by)


def _cosine(codes: Codes, row: int) -> Doubles:
    sizes = (codes.values != NOBODY).sum(axis=1)
    common = codes.members([row])[codes.values].sum(axis=1)
    cosines: Doubles = common / np.sqrt(np.maximum(sizes * sizes[row], 1))
    return cosines
