"""What stands around a word: which labels its titles name beside it, and what its neighbours are.

A title names a brand once. So a word whose titles name every label but brands is a brand, however
little each single title tells of it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.guessing.stretches import is_han

NEAR = (-2, -1, 1, 2)
MOST_LETTERS, MOST_WORDS = 5, 3  # more are not told apart
SHAPES = MOST_LETTERS + MOST_WORDS + 1

Rows = NDArray[np.float32]


class Mention(NamedTuple):
    """A stretch of a sample, the word that it is, and its label if that is known."""

    sample: int
    start: int
    end: int
    word: str
    label: str | None


def surroundings(mentions: Sequence[Mention], labels: Sequence[str]) -> Rows:
    """Describe mentions by zeros and ones; those of a title are neighbours in their order."""
    numbers: dict[str | None, int] = {label: number for number, label in enumerate(labels)}
    width = len(labels) + len(NEAR) * (len(labels) + 2) + SHAPES
    rows = np.zeros((len(mentions), width), np.float32)  # (mentions, marks)
    row = 0
    for _, group in groupby(mentions, attrgetter("sample")):
        title = list(group)
        kinds = [numbers.get(one.label, len(labels)) for one in title]
        for place, one in enumerate(title):
            rows[row, list(_beside(kinds, place, len(labels)))] = 1
            rows[row, [width - 1 - mark for mark in _shape(one.word)]] = 1
            row += 1
    return rows


def summary(rows: Rows) -> Rows:
    """Describe a word by the rows of its mentions: how often each mark is there, how many rows.

    The roots tell "never" from "seldom".
    """
    mean = rows.mean(axis=0)
    return np.concatenate([mean, np.sqrt(mean), [np.float32(np.log(len(rows)))]])


def _beside(kinds: Sequence[int], place: int, unknown: int) -> Iterator[int]:
    """Labels that are named elsewhere in the title, and the kinds of the nearest mentions."""
    counts = Counter(kinds)
    counts[kinds[place]] -= 1
    yield from (kind for kind, times in counts.items() if times and kind < unknown)
    for number, step in enumerate(NEAR):
        near = place + step
        kind = kinds[near] if 0 <= near < len(kinds) else unknown + 1
        yield unknown + number * (unknown + 2) + kind


def _shape(word: str) -> Iterator[int]:
    """How long a word is, and whether it has digits."""
    if any(map(is_han, word)):
        yield min(len(word), MOST_LETTERS) - 1
    else:
        yield MOST_LETTERS + min(len(word.split()), MOST_WORDS) - 1
    if any(map(str.isdigit, word)):
        yield MOST_LETTERS + MOST_WORDS
