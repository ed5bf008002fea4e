import math

import numpy as np
import pytest
from hypothesis import given

from recall.evaluation.places import found_of, hit_rate, ndcg, position, recall
from tests.recall.evaluation.exams import Case, answers, cases, exam, slow_ndcg

FOUND = [(1, 2, 3), (4, 5, 6)]
WANTED = [frozenset({2, 9}), frozenset({7})]
ALL = np.ones(2, np.bool_)


def marks(found, wanted, top):
    judged = exam(wanted)
    return judged.hits(answers(found, top), top), judged.sizes()


def test_measures_of_two_questions():
    hits, wanted = marks(FOUND, WANTED, 3)
    assert recall(hits, wanted).mean(ALL) == 0.25  # one of two, none of one
    assert hit_rate(hits).mean(ALL) == 0.5
    assert position(hits).mean(ALL) == 2
    assert found_of(hits, wanted).mean(ALL) == pytest.approx(1 / 3)
    gain, ideal = 1 / math.log2(3), 1 + 1 / math.log2(3)
    assert ndcg(hits, wanted).mean(ALL) == pytest.approx(gain / ideal / 2)


def test_position_of_nothing_found_is_unknown():
    hits, _ = marks([(4,)], [frozenset({7})], 3)
    assert math.isnan(position(hits).mean(np.ones(1, np.bool_)))


@given(cases)
def test_measures_agree_with_lists(case: Case):
    hits, wanted = marks(case.found, case.wanted, case.depth)
    pairs = list(zip(case.found, case.wanted, strict=True))
    whole = np.ones(len(pairs), np.bool_)
    recalls = [len(good.intersection(found)) / len(good) for found, good in pairs]
    assert recall(hits, wanted).mean(whole) == pytest.approx(np.mean(recalls))
    assert hit_rate(hits).mean(whole) == np.mean([share > 0 for share in recalls])
    gains = [slow_ndcg(found, good, case.depth) for found, good in pairs]
    assert ndcg(hits, wanted).mean(whole) == pytest.approx(np.mean(gains))
    places = [n for found, good in pairs for n, item in enumerate(found, 1) if item in good]
    if places:
        assert position(hits).mean(whole) == pytest.approx(np.mean(places))
