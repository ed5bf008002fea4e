"""Deeds cut into windows: what was done before, and what was done next, deed by deed."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.graph import Numbers
from nlp.compiled import Flags, compiled
from recall.spaces.trained import Deeds

Longs = NDArray[np.int64]
SORTED = 16  # batches whose windows are sorted by length together, so that few places stay empty


@dataclass(frozen=True)
class Windows:
    """Runs of deeds: deed `firsts[n]` is the first of window n, which has `sizes[n]` deeds."""

    firsts: Longs
    sizes: Longs
    persons: Numbers

    def __len__(self) -> int:
        return len(self.firsts)

    def some(self, numbers: Longs) -> "Windows":
        """Give some of them."""
        return Windows(self.firsts[numbers], self.sizes[numbers], self.persons[numbers])

    def places(self) -> tuple[Longs, Flags]:
        """Lay windows out, a row each, from the left. # (windows, longest), the same"""
        across = np.arange(self.sizes.max(initial=0))
        real = across < self.sizes[:, None]
        return np.where(real, self.firsts[:, None] + across, 0), real


def windows_of(deeds: Deeds, ends: Longs, length: int) -> Windows:
    """Cut each person's deeds before `ends` into runs of at most so many, the last one full."""
    starts = deeds.starts[:-1]
    counts = ends - starts
    pieces = -(-counts // length)
    persons = np.repeat(np.arange(len(starts), dtype=np.int32), pieces)
    backwards = pieces[persons] - 1 - _places(pieces)
    lasts = ends[persons] - backwards * length
    firsts = np.maximum(lasts - length, starts[persons])
    return Windows(firsts, lasts - firsts, persons)


def last_windows(deeds: Deeds, ends: Longs, length: int, persons: Numbers) -> Windows:
    """Give the last deeds of some persons before `ends`."""
    firsts = np.maximum(ends[persons] - length, deeds.starts[persons])
    return Windows(firsts, ends[persons] - firsts, persons)


def dealt(windows: Windows, size: int, draws: np.random.Generator) -> Iterator[Windows]:
    """Deal windows out in a new order, those of like length together."""
    order = draws.permutation(len(windows))
    batches: list[Longs] = []
    for start in range(0, len(order), size * SORTED):
        some = order[start : start + size * SORTED]
        some = some[np.argsort(windows.sizes[some], kind="stable")]
        batches += [some[first : first + size] for first in range(0, len(some), size)]
    for place in draws.permutation(len(batches)):
        yield windows.some(batches[place])


def again(deeds: Deeds, items: int) -> Flags:
    """Mark deeds with an item that the same person has done something to before."""
    return _again(deeds.starts, deeds.items, np.full(items, -1, np.int64))


def _places(counts: Longs) -> Longs:
    """Number the members of each group from nought."""
    begins = np.cumsum(counts) - counts
    return np.arange(counts.sum()) - np.repeat(begins, counts)


@compiled
def _again(starts: Longs, items: Numbers, last: Longs) -> Flags:
    marks = np.zeros(len(items), np.bool_)
    for person in range(len(starts) - 1):
        for deed in range(starts[person], starts[person + 1]):
            marks[deed] = last[items[deed]] == person
            last[items[deed]] = person
    return marks
