import numpy as np
import pytest

from ranking.rankers.lesson import Progress
from ranking.training.calibrating import calibrate
from ranking.training.curves import drawn, metrics_of
from ranking.training.judging import auc, gauc, logloss


def by_pairs(scores: np.ndarray, labels: np.ndarray) -> float:
    """AUC by its definition."""
    apart = scores[labels > 0][:, None] - scores[labels <= 0][None]
    return float(((apart > 0) + 0.5 * (apart == 0)).mean())


def test_auc_is_the_share_of_pairs_in_order() -> None:
    draws = np.random.default_rng(0)
    scores = draws.integers(0, 20, 300).astype(np.float32)
    labels = (draws.random(300) < 0.3).astype(np.float32)
    assert auc(scores, labels) == pytest.approx(by_pairs(scores, labels))
    assert auc(scores, np.ones(300, np.float32)) == 0.5


def test_gauc_is_the_mean_of_persons_by_their_rows() -> None:
    draws = np.random.default_rng(1)
    persons = draws.integers(0, 12, 300) * 7 - 1
    scores = draws.integers(0, 9, 300).astype(np.float32)
    labels = ((draws.random(300) < 0.3) & (persons != 6)).astype(np.float32)
    areas = {p: by_pairs(scores[persons == p], labels[persons == p]) for p in {*persons} - {6}}
    rows = [(persons == p).sum() for p in areas]
    assert gauc(scores, labels, persons) == pytest.approx(
        np.average([*areas.values()], weights=rows)
    )


def test_logloss_is_that_of_chances() -> None:
    odds, labels = np.array([-2.0, 0.5, 40.0], np.float32), np.array([0, 1, 1], np.float32)
    chances = 1 / (1 + np.exp(-odds.astype(np.float64)))
    by_hand = -np.log(np.where(labels > 0, chances, 1 - chances)).mean()
    assert logloss(odds, labels) == pytest.approx(by_hand)


def test_calibration_finds_the_slope_and_offset_that_made_the_answers() -> None:
    draws = np.random.default_rng(2)
    odds = draws.normal(0, 2, (60_000, 1)).astype(np.float32)
    true = 1 / (1 + np.exp(-(0.5 * odds - 1)))
    labels = (draws.random(odds.shape) < true).astype(np.float32)
    found = calibrate(odds, labels, np.ones(len(odds), np.float32))
    assert found.slopes[0] == pytest.approx(0.5, abs=0.02)
    assert found.offsets[0] == pytest.approx(-1, abs=0.04)
    np.testing.assert_allclose(found.chances(odds), true, atol=0.01)


def test_a_curve_is_drawn_and_kept_as_metrics() -> None:
    curve = [Progress(1, 0.6, 0.7, 1.0), Progress(2, 0.54, 0.8, 1.0), Progress(3, 0.4, 0.73, 1.0)]
    assert drawn(curve) == (
        "loss █▆▁ 0.6000 → 0.4000, reached ▁█▃ 0.7000 → 0.7300 (best 0.8000, epoch 2)"
    )
    assert metrics_of(curve)["epoch.2.reached"] == 0.8
    assert drawn([Progress(1, 0.6, None, 1.0)]) == "loss ▁ 0.6000 → 0.6000"
