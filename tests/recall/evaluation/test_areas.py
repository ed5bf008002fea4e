import numpy as np
import pytest
from hypothesis import given

from recall.evaluation.areas import area
from tests.recall.evaluation.exams import ITEMS, Case, answers, cases, exam, slow_auc


def auc_of(found, wanted, depth, choices=ITEMS):
    judged, given_ = exam(wanted), answers(found, depth)
    sizes = np.full(len(found), choices)
    share = area(given_.items, judged.hits(given_, depth), judged.sizes(), sizes)
    return share.mean(np.ones(len(found), np.bool_))


def test_what_is_wanted_first_is_perfect_and_nothing_found_is_even():
    assert auc_of([(1, 2)], [frozenset({1, 2})], 2) == 1
    assert auc_of([()], [frozenset({1})], 2) == 0.5


def test_what_is_not_found_stands_behind_what_is():
    assert auc_of([(2, 3)], [frozenset({1})], 2, choices=4) == pytest.approx((0 + 0 + 0.5) / 3)


@given(cases)
def test_area_is_the_share_of_pairs_in_order(case: Case):
    slow = [slow_auc(found, good) for found, good in zip(case.found, case.wanted, strict=True)]
    known = [value for value in slow if value is not None]
    assert auc_of(case.found, case.wanted, case.depth) == pytest.approx(np.mean(known))
