import math

import numpy as np

from ranking.evaluation.agreeing import agreement


def test_it_is_the_share_of_fines_top_in_coarses_cut() -> None:
    fine = np.array([5, 4, 3, 2, 1, 9, 8, 7, 6, 5], np.float32)
    coarse = np.array([1, 5, 4, 3, 2, 9, 8, 7, 6, 5], np.float32)
    groups = np.repeat([0, 1], 5)
    assert agreement(coarse, fine, groups, top=2, cut=3) == (0.5 + 1) / 2


def test_rows_of_a_group_need_not_stand_together() -> None:
    draws = np.random.default_rng(0)
    fine, coarse = draws.random((2, 40)).astype(np.float32)
    groups = np.repeat(np.arange(4), 10)
    order = draws.permutation(40)
    one = agreement(coarse, fine, groups, 3, 5)
    assert one == agreement(coarse[order], fine[order], groups[order], 3, 5)
    by_hand = [
        len(set(np.argsort(-fine[rows])[:3]) & set(np.argsort(-coarse[rows])[:5])) / 3
        for rows in np.arange(40).reshape(4, 10)
    ]
    assert one == np.mean(by_hand)


def test_a_group_that_is_kept_whole_says_nothing() -> None:
    some = np.arange(3, dtype=np.float32)
    assert math.isnan(agreement(some, some, np.zeros(3, np.int64), 1, 3))
