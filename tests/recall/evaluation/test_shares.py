import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recall.evaluation.shares import Draws, Share, draw, each

PERSONS = np.array([4, 4, 7, 9], np.int32)
ALL = np.ones(4, np.bool_)
numbers = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(np.array)


def test_questions_without_a_value_do_not_count():
    share = each(np.array([1.0, math.nan, 0.0, math.nan]))
    assert share.mean(ALL) == 0.5
    assert math.isnan(share.mean(np.array([False, True, False, True])))


def test_what_is_certain_has_no_doubt():
    low, high = draw(PERSONS, 1).between(each(np.ones(4)), ALL)
    assert (low, high) == (1, 1)


def test_questions_of_a_person_are_drawn_together():
    draws = draw(PERSONS, 1, rounds=50)
    assert draws.times.shape == (50, 3)
    assert (draws.times.sum(1) == 3).all()
    assert draws.places.tolist() == [0, 0, 1, 2]


@given(numbers, numbers)
def test_intervals_are_percentiles_of_means_of_persons_drawn(values, others):
    draws = draw(PERSONS, 3, rounds=40)
    share, base = each(values), each(others + 1)
    means, lifts = [], []
    for times in draws.times:
        rows = [row for row, place in enumerate(draws.places) for _ in range(int(times[place]))]
        means.append(np.mean(values[rows]))
        lifts.append(np.mean(values[rows]) / np.mean(others[rows] + 1) - 1)
    assert draws.between(share, ALL) == pytest.approx(tuple(np.percentile(means, (2.5, 97.5))))
    assert draws.lift(share, base, ALL) == pytest.approx(tuple(np.percentile(lifts, (2.5, 97.5))))


def test_the_interval_covers_the_truth_as_often_as_it_says():
    chance = np.random.default_rng(5)
    covered = []
    for seed in range(200):
        values = chance.random(60)
        low, high = draw(np.arange(60, dtype=np.int32), seed, 200).between(
            each(values), np.ones(60, np.bool_)
        )
        covered.append(low <= 0.5 <= high)
    assert 0.88 <= np.mean(covered) <= 0.99


def test_a_part_of_which_nobody_is_drawn_is_passed_over():
    draws = Draws(np.array([0, 1]), np.array([[2.0, 0.0], [0.0, 2.0]]))
    share = Share(np.array([3.0, 5.0]), np.ones(2))
    assert draws.between(share, np.array([True, False])) == (3, 3)
