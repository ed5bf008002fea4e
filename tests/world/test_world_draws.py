from datetime import UTC, date, datetime

import numpy as np
import pytest

from world.draws import chance, pick, pick_rows, within_runs
from world.files import codes
from world.funnel import CURVES, DEPTH
from world.shelves import draw, make_shelf, steps_of
from world.span import span_of, written
from world.visits import SIZES


def test_chance_depends_on_seed_and_name() -> None:
    first = [chance(seed, *name).random() for seed, name in ((1, "a"), (1, "b"), (2, "a"))]
    assert len(set(first)) == 3
    assert chance(1, "a", 3).random() == chance(1, "a", 3).random()


def test_pick_follows_the_weights() -> None:
    found = np.bincount(pick(chance(1, "pick"), np.array([1.0, 0.0, 3.0]), 8000), minlength=3)
    assert found[1] == 0
    assert found[2] / found[0] == pytest.approx(3, rel=0.1)


def test_pick_rows_follows_each_row() -> None:
    weights = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
    rows = np.array([0, 1] * 2000)
    found = pick_rows(chance(1, "rows"), weights, rows)
    assert set(found[rows == 0]) == {1}
    assert found[rows == 1].mean() == pytest.approx(1, abs=0.1)


def test_runs_count_from_zero() -> None:
    assert within_runs(np.array([2, 0, 3])).tolist() == [0, 1, 0, 1, 2]


def test_codes_sort_like_their_numbers() -> None:
    assert codes("e", np.array([0, 35, 36, 36**3]), 4).to_list() == [
        "e0000",
        "e000z",
        "e0010",
        "e1000",
    ]


def test_a_date_is_a_whole_day_in_shanghai() -> None:
    span = span_of(2, date(2026, 6, 30))
    assert written(np.array([span.start, span.end - 1])).to_list() == [
        "2026-06-29T00:00:00+08:00",
        "2026-06-30T23:59:59+08:00",
    ]
    assert span.days == 2


def test_a_moment_cuts_the_last_day_short() -> None:
    span = span_of(3, datetime(2026, 6, 30, 4, tzinfo=UTC))
    assert span.days == 3
    assert span.day(2) == (span.start + 2 * 86_400, span.end)
    assert span.end - span.day(2)[0] == 12 * 3600


def test_a_shelf_draws_within_the_pair_and_by_weight() -> None:
    major, minor = np.array([0, 0, 1, 1, 1]), np.array([0, 1, 0, -1, 0])
    shelf = make_shelf(major, minor, 3, 2, np.arange(5))
    steps = steps_of(shelf, np.array([1, 1, 1, 5, 0]))
    asked = [(1, 0), (1, -1), (0, 1), (2, -1), (-1, -1)]
    found = []
    for pair in asked:
        low, high = shelf.between(*(np.full(500, tag) for tag in pair))
        found.append(set(draw(shelf, steps, low, high, chance(1, *pair).random(500)).tolist()))
    assert found == [{2}, {2, 3}, {1}, {-1}, {0, 1, 2, 3}]


def test_curves_reach_as_deep_as_requests() -> None:
    assert SIZES.max() <= DEPTH
    assert all(len(curve) == DEPTH for curve in CURVES.values())
