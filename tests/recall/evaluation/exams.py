"""Small exams, and the same figures worked out the slow way."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from graph.graph import edges_of
from recall.evaluation.exam import CHANNEL, NOBODY, Answers, Exam

ITEMS = 9  # ids 1 to 9 are offered; there is no item 0


@dataclass(frozen=True)
class Case:
    """What each question found, in order, and what it wanted."""

    found: tuple[tuple[int, ...], ...]
    wanted: tuple[frozenset[int], ...]

    @property
    def depth(self) -> int:
        return max(1, *map(len, self.found))


one_list = st.lists(st.integers(1, ITEMS), unique=True, max_size=6).map(tuple)
one_wish = st.frozensets(st.integers(1, ITEMS), min_size=1, max_size=5)
cases = st.lists(st.tuples(one_list, one_wish), min_size=1, max_size=6).map(
    lambda pairs: Case(*(tuple(side) for side in zip(*pairs, strict=True)))
)


def answers(found: Sequence[Sequence[int]], depth: int, name: str = "one") -> Answers:
    items = np.full((len(found), depth), NOBODY, np.int32)
    for row, some in enumerate(found):
        items[row, : len(some)] = some
    return Answers(CHANNEL, name, items, np.ones(len(found), np.bool_))


def exam(wanted: Sequence[frozenset[int]], **given) -> Exam:
    pairs = [(row, item) for row, items in enumerate(wanted) for item in sorted(items)]
    rows, items = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    size = len(wanted)
    offered = np.ones(ITEMS + 1, np.bool_)
    offered[0] = False
    values = {
        "persons": np.arange(size, dtype=np.int32),
        "scenes": ("home",) * size,
        "groups": ("light",) * size,
        "wanted": edges_of("question", "item", rows, items, np.ones(len(rows), np.float32), size),
        "left_out": np.zeros(size, np.int64),
        "offered": {"home": offered},
        "young": np.zeros(ITEMS + 1, np.bool_),
        "known": np.zeros(ITEMS + 1, np.int64),
        "crowd": 0,
    }
    return Exam(**(values | given))


def slow_ndcg(found: Sequence[int], wanted: frozenset[int], top: int) -> float:
    gain = sum(1 / math.log2(place + 2) for place, i in enumerate(found[:top]) if i in wanted)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(len(wanted), top)))


def slow_auc(found: Sequence[int], wanted: frozenset[int]) -> float | None:
    places = {item: place for place, item in enumerate(found)}
    ranks = [places.get(item, len(found)) for item in range(1, ITEMS + 1)]
    good = [ranks[item - 1] for item in wanted]
    bad = [ranks[item - 1] for item in range(1, ITEMS + 1) if item not in wanted]
    pairs = [(g < b) + 0.5 * (g == b) for g in good for b in bad]
    return sum(pairs) / len(pairs) if pairs else None
