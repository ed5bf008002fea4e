"""What is stored of somebody and what a request says become one history."""

import numpy as np

from recall.candidates import NOTHING, Deed, History
from recall.histories import MOST, joined

POSITIVE = {"click": 1.0, "purchase": 5.0}


def history(*deeds: tuple[int, str, float]) -> History:
    items, kinds, times = zip(*deeds, strict=True)
    weights = np.array([POSITIVE[kind] for kind in kinds], np.float32)
    return History(np.array(items, np.int32), weights, np.array(times), kinds)


def test_the_newest_comes_first_wherever_it_is_from() -> None:
    stored = history((1, "click", 9000.0), (2, "purchase", 100.0))
    got = joined(stored, [Deed(3, "click", 50.0), Deed(4, "purchase", 9500.0)], POSITIVE)
    assert got.items.tolist() == [4, 1, 2, 3]
    assert got.kinds == ("purchase", "click", "purchase", "click")
    assert got.weights.tolist() == [5, 1, 5, 1]
    assert got.times.tolist() == [9500, 9000, 100, 50]


def test_a_deed_that_was_tracked_as_well_is_one() -> None:
    stored = history((1, "click", 8000.0), (1, "purchase", 7990.0), (1, "click", 100.0))
    got = joined(stored, [Deed(1, "click", 9000.0)], POSITIVE)
    assert list(zip(got.items.tolist(), got.kinds, got.times.tolist(), strict=True)) == [
        (1, "click", 9000.0),
        (1, "purchase", 7990.0),
        (1, "click", 100.0),
    ]


def test_kinds_that_are_no_interest_count_for_nothing() -> None:
    assert joined(NOTHING, [Deed(1, "expose", 1.0)], POSITIVE) is NOTHING
    assert joined(NOTHING, [], POSITIVE) is NOTHING


def test_a_history_has_an_end() -> None:
    stored = history(*((n, "click", float(n)) for n in range(MOST, 0, -1)))
    got = joined(stored, [Deed(999, "click", 10_000.0)], POSITIVE)
    assert len(got.items) == MOST
    assert got.items[0] == 999
