"""What rankers read: encoded features, kept once for each who asks and each item.

A pair of somebody and an item is a row that points to both, so that whoever asks is read once,
however many items are scored. Codes begin at 1: 0 is nothing, which fills bags and pasts up, and
what is missing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats

Codes = NDArray[np.int32]
Longs = NDArray[np.int64]
Moments = NDArray[np.float64]


@dataclass(frozen=True)
class Field:
    """One feature that is a code, and the table of embeddings that it reads."""

    name: str
    size: int  # rows of the table; codes are below
    table: str  # fields of the same table share its embeddings, as items and past items do
    dim: int | None = None  # width of the table, if not the model's own


@dataclass(frozen=True)
class Past:
    """What somebody did, the oldest first: a step is described by several fields."""

    name: str
    fields: tuple[Field, ...]
    targets: tuple[str | None, ...]  # the item's field that each is compared with
    length: int


@dataclass(frozen=True)
class Side:
    """Which features there are of a side."""

    ones: tuple[Field, ...] = ()
    bags: tuple[Field, ...] = ()
    numbers: tuple[str, ...] = ()
    pasts: tuple[Past, ...] = ()

    def fields(self) -> Iterator[Field]:
        """Give all fields that read a table."""
        yield from self.ones
        yield from self.bags
        for past in self.pasts:
            yield from past.fields


@dataclass(frozen=True)
class Layout:
    """What a ranker is told of its input, and what it is to foretell."""

    asks: Side = Side()  # who asks, where and when
    items: Side = Side()
    pairs: Side = Side()  # what depends on both
    bias: tuple[Field, ...] = ()  # where it was shown: what the answer must not depend on
    tasks: tuple[str, ...] = ("click",)

    def tables(self) -> Mapping[str, Field]:
        """Give one field of each table, the largest."""
        found: dict[str, Field] = {}
        sides = (self.asks, self.items, self.pairs)
        for one in (*(f for side in sides for f in side.fields()), *self.bias):
            if one.table not in found or one.size > found[one.table].size:
                found[one.table] = one
        return found


@dataclass(frozen=True)
class Columns:
    """Encoded features of a side, a row for each subject."""

    ones: Codes  # (rows, ones)
    bags: tuple[Codes, ...] = ()  # (rows, width) each, filled up with 0
    numbers: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))  # (rows, numbers)
    pasts: tuple[Codes, ...] = ()  # (rows, length, fields) each, filled up with 0 at the end

    def __len__(self) -> int:
        return len(self.ones)

    def part(self, rows: Longs) -> "Columns":
        """Give some of the rows."""
        numbers = self.numbers[rows] if self.numbers.size else self.numbers
        bags, pasts = tuple(b[rows] for b in self.bags), tuple(p[rows] for p in self.pasts)
        return Columns(self.ones[rows], bags, numbers, pasts)


def nothing(rows: int) -> Columns:
    """Give the columns of a side without features."""
    return Columns(np.zeros((rows, 0), np.int32))


@dataclass(frozen=True)
class Inputs:
    """Pairs to score."""

    asks: Columns
    items: Columns
    pairs: Columns  # a row for each pair
    ask: Longs  # (rows,) which of the asks
    item: Longs  # (rows,) which of the items
    bias: Codes  # (rows, bias fields); no columns where the bias is unknown, as in serving

    def __len__(self) -> int:
        return len(self.ask)

    def part(self, rows: Longs) -> "Inputs":
        """Give some of the pairs, and of asks and items what they need."""
        asks, ask = _needed(self.asks, self.ask[rows])
        items, item = _needed(self.items, self.item[rows])
        return Inputs(asks, items, self.pairs.part(rows), ask, item, self.bias[rows])

    def without_bias(self) -> "Inputs":
        """Give the same as serving sees it: nobody knows yet where an item will be shown."""
        nowhere = np.zeros((len(self), 0), np.int32)
        return Inputs(self.asks, self.items, self.pairs, self.ask, self.item, nowhere)


def _needed(columns: Columns, rows: Longs) -> tuple[Columns, Longs]:
    """Give the subjects that pairs point to, and where they point then."""
    if len(columns) == 1:
        return columns, rows
    subjects, places = np.unique(rows, return_inverse=True)
    return columns.part(subjects), places.astype(np.int64)


@dataclass(frozen=True)
class Examples:
    """Pairs, and what came of them."""

    inputs: Inputs
    labels: Floats  # (rows, tasks) 1 for yes
    weights: Floats  # (rows,)
    persons: Longs  # (rows,) whose, for measures by person
    groups: Longs  # (rows,) the request that a row was shown in
    times: Moments  # (rows,) seconds since 1970
    scenes: Codes  # (rows,) number in `scene_names`, or -1
    scene_names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, rows: Longs) -> "Examples":
        """Give some of the rows; asks and items stay whole."""
        old = self.inputs
        inputs = Inputs(
            old.asks, old.items, old.pairs.part(rows), old.ask[rows], old.item[rows], old.bias[rows]
        )
        return Examples(
            inputs,
            self.labels[rows],
            self.weights[rows],
            self.persons[rows],
            self.groups[rows],
            self.times[rows],
            self.scenes[rows],
            self.scene_names,
        )
