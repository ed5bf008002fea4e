import math

import numpy as np
import pytest

from ranking.evaluation.areas import areas_by_person, weighted_areas
from ranking.evaluation.losses import calibration_error, loss, tenths
from ranking.evaluation.places import ndcg

DRAWS = np.random.default_rng(3)
ROWS, PERSONS, REQUESTS = 400, 12, 60
GROUPS = np.sort(DRAWS.integers(0, REQUESTS, ROWS))
GROUPS = np.unique(GROUPS, return_inverse=True)[1].astype(np.int64)
WHOSE = DRAWS.integers(0, PERSONS, GROUPS.max() + 1)
PERSON = WHOSE[GROUPS].astype(np.int64)
LABELS = (DRAWS.random(ROWS) < 0.3).astype(np.float32)
CHANCES = (0.5 * DRAWS.random(ROWS) + 0.3 * LABELS).astype(np.float32).round(2)


def area_by_pairs(rows: np.ndarray, times: np.ndarray) -> float:
    """Count every pair of a yes and a no."""
    won = pairs = 0.0
    for yes in rows[LABELS[rows] > 0]:
        for no in rows[LABELS[rows] == 0]:
            weight = times[PERSON[yes]] * times[PERSON[no]]
            pairs += weight
            won += weight * ((CHANCES[yes] > CHANCES[no]) + (CHANCES[yes] == CHANCES[no]) / 2)
    return won / pairs


def test_auc_counts_pairs_of_drawn_persons() -> None:
    times = np.stack([np.ones(PERSONS), DRAWS.integers(0, 3, PERSONS)]).astype(float)
    found = weighted_areas(CHANCES, LABELS, PERSON, times)
    everything = np.arange(ROWS)
    assert found == pytest.approx([area_by_pairs(everything, t) for t in times])


def test_gauc_is_the_mean_area_by_rows_of_each_person() -> None:
    ones, over, under = np.ones(PERSONS), 0.0, 0.0
    for person in range(PERSONS):
        rows = np.flatnonzero(person == PERSON)
        if 0 < LABELS[rows].sum() < len(rows):
            over += len(rows) * area_by_pairs(rows, ones)
            under += len(rows)
    assert areas_by_person(CHANCES, LABELS, PERSON).mean() == pytest.approx(over / under)


def test_who_took_everything_does_not_count() -> None:
    chances = np.array([0.9, 0.1, 0.5], np.float32)
    labels = np.array([1, 0, 1], np.float32)
    found = areas_by_person(chances, labels, np.array([0, 0, 1]))
    assert found.mean() == 1.0
    assert found.under.tolist() == [2.0, 0.0]


def test_logloss_is_that_of_the_rows() -> None:
    wanted = -np.mean(
        [math.log(c if y else 1 - c) for c, y in zip(CHANCES.clip(1e-7), LABELS, strict=True)]
    )
    assert loss(CHANCES, LABELS, PERSON).mean() == pytest.approx(wanted, rel=1e-5)


def test_ndcg_is_that_of_requests_in_which_something_was_taken() -> None:
    values = []
    for group in range(GROUPS.max() + 1):
        rows = np.flatnonzero(group == GROUPS)
        order = sorted(rows, key=lambda row: (-CHANCES[row], -row))
        gain = sum(LABELS[r] / math.log2(n + 2) for n, r in enumerate(order[:5]))
        best = sum(1 / math.log2(n + 2) for n in range(min(5, int(LABELS[rows].sum()))))
        if best:
            values.append(gain / best)
    found = ndcg(CHANCES, LABELS, GROUPS, PERSON, 5)
    assert found.mean() == pytest.approx(np.mean(values))


def test_equal_chances_gain_nothing_by_the_order_of_rows() -> None:
    flat = np.zeros(4, np.float32)
    first = np.array([1, 0, 0, 0], np.float32)
    found = ndcg(flat, first, np.zeros(4, np.int64), np.zeros(4, np.int64), 2)
    assert found.mean() == 0.0


def test_tenths_say_what_came_true() -> None:
    chances = np.repeat(np.array([0.1, 0.6], np.float32), 50)
    labels = np.concatenate([np.eye(1, 50)[0], np.ones(50)]).astype(np.float32)
    found = tenths(chances, labels, 2)
    assert [(t.rows, round(t.told, 3), round(t.true, 3)) for t in found] == [
        (50, 0.1, 0.02),
        (50, 0.6, 1.0),
    ]
    assert calibration_error(found) == pytest.approx(0.24)
