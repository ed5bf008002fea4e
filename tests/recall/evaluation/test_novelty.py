import math

import numpy as np
import pytest
from hypothesis import given

from recall.evaluation.novelty import novelty
from tests.recall.evaluation.exams import ITEMS, Case, answers, cases


def test_what_everybody_knows_is_no_surprise():
    known = np.array([0, 7, 0])
    whole = np.ones(1, np.bool_)
    assert novelty(np.array([[1]], np.int32), known, 7).mean(whole) == 0
    assert novelty(np.array([[2]], np.int32), known, 7).mean(whole) == 3
    assert novelty(np.array([[1, 2]], np.int32), known, 7).mean(whole) == 1.5


@given(cases)
def test_novelty_is_the_mean_over_all_that_is_shown(case: Case):
    known = np.arange(ITEMS + 1)
    shown = [-math.log2((item + 1) / (ITEMS + 1)) for found in case.found for item in found]
    share = novelty(answers(case.found, case.depth).items, known, ITEMS)
    mean = share.mean(np.ones(len(case.found), np.bool_))
    assert mean == pytest.approx(np.mean(shown)) if shown else math.isnan(mean)
