import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recall.evaluation.exam import NOBODY
from recall.evaluation.spread import coverage, gini, times_shown


def test_items_are_counted_among_those_on_offer():
    items = np.array([[1, 2], [2, NOBODY], [3, 2]], np.int32)
    offered = np.array([False, True, True, False, True])
    assert times_shown(items, offered).tolist() == [1, 3, 0]


def test_one_item_for_everybody_is_most_unequal():
    assert coverage(np.array([0, 0, 0, 8])) == 0.25
    assert gini(np.array([0, 0, 0, 8])) == 0.75
    assert gini(np.array([2, 2, 2, 2])) == 0
    assert math.isnan(gini(np.array([0, 0])))


@given(st.lists(st.integers(0, 9), min_size=1).filter(any))
def test_gini_is_half_the_mean_difference_by_the_mean(shown):
    differences = [abs(a - b) for a in shown for b in shown]
    expected = np.mean(differences) / 2 / np.mean(shown)
    assert gini(np.array(shown)) == pytest.approx(expected)
