"""Attributes of items as columns, and which rows a test lets through, as the database would."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.graph import Numbers
from graph.where import Test
from nlp.compiled import Longs

Flags = NDArray[np.bool_]
Rows = Numbers | slice
Arrays = Mapping[str, NDArray[Any]]
EVERY = slice(None)
START, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
COMPARE: dict[str, Callable[[Any, Any], Flags]] = {
    "eq": np.equal,
    "gt": np.greater,
    "gte": np.greater_equal,
    "lt": np.less,
    "lte": np.less_equal,
}


@dataclass(frozen=True)
class Vocabulary:
    """Words in the order of their bytes."""

    text: NDArray[np.uint8]  # all of them, one after the other
    ends: Longs  # (words,)

    def __len__(self) -> int:
        return len(self.ends)

    def marked(self, words: Iterable[str]) -> Flags:
        """Mark words; the last place, behind all words, is that of what is missing."""
        marks = np.zeros(len(self) + 1, bool)
        for word in words:
            written = word.encode()
            place = bisect_left(range(len(self)), written, key=self._word)
            if place < len(self) and self._word(place) == written:
                marks[place] = True
        return marks

    def _word(self, place: int) -> bytes:
        first = int(self.ends[place - 1]) if place else 0
        return self.text[first : int(self.ends[place])].tobytes()


@dataclass(frozen=True)
class Values:
    """Numbers, times or yes and no."""

    values: NDArray[Any]  # (rows,)
    there: Flags  # (rows,) where a row has one

    def holding(self, test: Test, rows: Rows, words: Sequence[str]) -> Flags:
        """Tell which rows a test lets through."""
        there = self.there[rows]
        if test.verb == "exists":
            return _like(there, test)
        values = self.values[rows]
        if test.verb == "in":
            return there & np.isin(values, [plain(one) for one in test.value])
        return there & COMPARE[test.verb](values, plain(test.value))


@dataclass(frozen=True)
class Words:
    """One word for each row, or none."""

    vocabulary: Vocabulary
    codes: Numbers  # (rows,) -1 where a row has none

    def holding(self, test: Test, rows: Rows, words: Sequence[str]) -> Flags:
        """Tell which rows a test lets through."""
        codes = self.codes[rows]
        if test.verb == "exists":
            return _like(codes >= 0, test)
        found: Flags = self.vocabulary.marked(words)[codes]
        return found


@dataclass(frozen=True)
class Lists:
    """Numbers of each row, as many as it has."""

    codes: Numbers  # (entries,)
    starts: Longs  # (rows + 1,)

    def holding(self, marks: Flags, rows: Rows) -> Flags:
        """Tell which rows have a marked one; what lies behind the marks has none."""
        first, last = self.starts[:-1][rows], self.starts[1:][rows]
        counts = last - first
        places = np.arange(counts.sum()) + np.repeat(first - (np.cumsum(counts) - counts), counts)
        codes = np.minimum(self.codes[places], len(marks) - 1)
        owners = np.repeat(np.arange(len(counts)), counts)[marks[codes]]
        found = np.zeros(len(counts), bool)
        found[owners] = True
        return found


@dataclass(frozen=True)
class Several:
    """Words for each row; there may be none, and that is not the same as nothing being said."""

    vocabulary: Vocabulary
    lists: Lists
    there: Flags  # (rows,)

    def holding(self, test: Test, rows: Rows, words: Sequence[str]) -> Flags:
        """Tell which rows a test lets through."""
        if test.verb == "exists":
            return _like(self.there[rows], test)
        return self.lists.holding(self.vocabulary.marked(words), rows)


Column = Values | Words | Several


def _like(there: Flags, test: Test) -> Flags:
    return there if test.value else ~there


def plain(value: Any) -> Any:
    """Write a value as columns have it: times as microseconds since 1970."""
    return (value - START) // MICROSECOND if isinstance(value, datetime) else value


def marked_ids(ids: Sequence[int]) -> Flags:
    """Mark ids; the last place is no id."""
    marks = np.zeros(max(ids, default=0) + 2, bool)
    marks[list(ids)] = True
    return marks
