"""A split of clicks in libfm's format: each line a label, then `feature:value` of every field.

A field is a place in the line. One with several features is a code; values that are not all 1 are
a number beside it. One with a single feature is a number alone. What the train part has not seen
is code 0, as in serving.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats
from ranking.examples import Codes, Columns, Examples, Field, Inputs, Layout, Longs, Side, nothing

ITEMS = (1,)
WORDS = ("train", "valid", "test")


@dataclass(frozen=True)
class Split:
    """What is learned, what decides the end, and what is tested."""

    layout: Layout
    learn: Examples
    check: Examples
    test: Examples


@dataclass(frozen=True)
class Splits:
    """A folder's split, with its fields as pairs' or as those of two sides."""

    folder: Path
    items: tuple[int, ...]

    def of(self, sides: bool) -> Split:
        """Read it; two towers need sides, and the second field is the item where nobody says."""
        return read_split(self.folder, self.items or (ITEMS if sides else ()))


@dataclass(frozen=True)
class Lines:
    """What the files say, one after the other."""

    labels: Floats  # (lines,) 1 or 0
    features: Longs  # (lines, fields)
    values: Floats  # (lines, fields)
    ends: tuple[int, ...]  # of each file

    @property
    def learned(self) -> int:
        """Count the lines of the train part."""
        return self.ends[0]


def read_split(folder: Path, items: Collection[int] = ()) -> Split:
    """Read the three files; the fields `items`, from 0 on, are the item's and all others the ask's.

    Without `items` every field belongs to the pair.
    """
    lines = _joined([_lines(_file(folder, word)) for word in WORDS])
    fields = range(lines.features.shape[1])
    if wrong := sorted(set(items) - set(fields)):
        raise SystemExit(f"{folder}: no field {wrong[0]}; there are 0 to {len(fields) - 1}")
    if items:
        layout, inputs = _sides(lines, [n for n in fields if n not in items], sorted(items))
    else:
        layout, inputs = _pairs(lines, fields)
    persons = _codes(lines, 0)
    starts = (0, *lines.ends)
    parts = (np.arange(*ends) for ends in zip(starts, lines.ends, strict=False))
    whole = _examples(lines, inputs, persons.astype(np.int64))
    return Split(layout, *(whole.part(rows) for rows in parts))


def _file(folder: Path, word: str) -> Path:
    found = sorted(folder.glob(f"*{word}*.libfm"))
    if not found:
        raise SystemExit(f"{folder}: no file *{word}*.libfm; a split in libfm's format is needed")
    return found[0]


def _lines(file: Path) -> NDArray[np.float64]:
    """Read a file. # (lines, 1 + 2 · fields)"""
    lines = file.read_text().splitlines()
    fields = {line.count(":") for line in lines if line.strip()}
    if len(fields) != 1:
        raise SystemExit(f"{file}: every line needs a label and the same number of feature:value")
    numbers = np.array(" ".join(lines).replace(":", " ").split(), np.float64)
    return numbers.reshape(-1, 1 + 2 * fields.pop())


def _joined(parts: Sequence[NDArray[np.float64]]) -> Lines:
    whole = np.concatenate(parts)
    ends = tuple(int(end) for end in np.cumsum([len(part) for part in parts]))
    labels = (whole[:, 0] > 0).astype(np.float32)
    return Lines(labels, whole[:, 1::2].astype(np.int64), whole[:, 2::2].astype(np.float32), ends)


def _pairs(lines: Lines, fields: Sequence[int]) -> tuple[Layout, Inputs]:
    side, columns = _side(lines, fields)
    none = np.zeros(len(lines.labels), np.int64)
    inputs = Inputs(nothing(1), nothing(1), columns, none, none, _nowhere(lines))
    return Layout(pairs=side), inputs


def _sides(lines: Lines, asks: Sequence[int], items: Sequence[int]) -> tuple[Layout, Inputs]:
    (of_asks, asked), (of_items, taken) = _side(lines, asks), _side(lines, items)
    (asked, ask), (taken, item) = _subjects(asked), _subjects(taken)
    inputs = Inputs(asked, taken, nothing(len(ask)), ask, item, _nowhere(lines))
    return Layout(asks=of_asks, items=of_items), inputs


def _side(lines: Lines, fields: Sequence[int]) -> tuple[Side, Columns]:
    """Encode some fields, a row for each line."""
    coded = [n for n in fields if len(np.unique(lines.features[:, n])) > 1]
    valued = [n for n in fields if n not in coded or (lines.values[:, n] != 1).any()]
    codes = [_codes(lines, n) for n in coded]
    names = [f"field{n}" for n in coded]
    ones = tuple(Field(n, int(c.max()) + 1, n) for n, c in zip(names, codes, strict=True))
    empty = np.zeros((len(lines.labels), 0), np.int32)
    columns = Columns(
        np.stack(codes, 1) if codes else empty,
        numbers=np.stack([_numbers(lines, n) for n in valued], 1)
        if valued
        else empty.astype(np.float32),
    )
    return Side(ones=ones, numbers=tuple(f"value{n}" for n in valued)), columns


def _codes(lines: Lines, field: int) -> Codes:
    """Number the features that are learned from 1 on; all others are 0."""
    features = lines.features[:, field]
    known = np.unique(features[: lines.learned])
    places = np.searchsorted(known, features).clip(max=len(known) - 1)
    return np.where(known[places] == features, places + 1, 0).astype(np.int32)


def _numbers(lines: Lines, field: int) -> Floats:
    """Bring the values of a field to the mean 0 and the deviation 1 of the train part."""
    values = lines.values[:, field]
    learned = values[: lines.learned]
    scaled: Floats = ((values - learned.mean()) / max(learned.std(), 1e-6)).astype(np.float32)
    return scaled


def _subjects(columns: Columns) -> tuple[Columns, Longs]:
    """Keep equal rows once; say which of them each line has."""
    rows = np.concatenate([columns.ones, columns.numbers], 1)
    _, first, places = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return columns.part(first), places.ravel().astype(np.int64)


def _nowhere(lines: Lines) -> Codes:
    return np.zeros((len(lines.labels), 0), np.int32)


def _examples(lines: Lines, inputs: Inputs, persons: Longs) -> Examples:
    """Give all lines; nothing is known of when and where they were shown."""
    count = len(lines.labels)
    return Examples(
        inputs,
        lines.labels[:, None],
        np.ones(count, np.float32),
        persons,
        np.arange(count),
        np.zeros(count),
        np.full(count, -1, np.int32),
    )
