from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from ranking.examples import Examples
from ranking.rankers.fm import FM
from ranking.rankers.lesson import Lesson, Progress
from ranking.training.judging import auc
from ranking.training.loop import train
from ranking.training.trained import Trained, odds_of
from tests.ranking.rankers.worlds import World, shuffled, world
from weft.errors import BuildError


@pytest.fixture(scope="module")
def tiny() -> World:
    return world(200)


def ranker(**options: Any) -> FM:
    return FM.model_validate({"type": "fm", "dim": 4, "batch": 128, "rate": 0.02, **options})


def learn(tiny: World, check: Examples | None, **options: Any) -> Trained:
    return train(ranker(**options), Lesson(tiny.layout, tiny.learn, check))


def reached(trained: Trained) -> list[float]:
    return [p.reached for p in trained.curve if p.reached is not None]


def test_where_nothing_is_judged_the_last_epoch_counts_and_all_are_run(tiny: World) -> None:
    found = learn(tiny, None, epochs=5, patience=1)
    assert [p.epoch for p in found.curve] == [1, 2, 3, 4, 5]
    assert [p.reached for p in found.curve] == [None] * 5
    shorter = learn(tiny, None, epochs=4, patience=1)
    assert not np.array_equal(found.score(tiny.later.inputs), shorter.score(tiny.later.inputs))


@pytest.mark.parametrize("measure", ["auc", "gauc", "logloss"])
def test_the_best_epoch_is_given_and_the_end_waits_for_patience(tiny: World, measure: str) -> None:
    found = learn(tiny, tiny.check, epochs=40, patience=3, rate=0.1, judged_by=measure)
    seen = reached(found)
    best = int(np.argmax(seen))
    assert len(seen) == best + 1 + 3 < 40
    whole = learn(tiny, tiny.check, epochs=best + 1, patience=40, rate=0.1, judged_by=measure)
    np.testing.assert_array_equal(found.score(tiny.later.inputs), whole.score(tiny.later.inputs))


def test_a_measure_of_nought_is_no_progress(tiny: World) -> None:
    assert tiny.check is not None
    wrong = replace(tiny.check, labels=np.zeros_like(tiny.check.labels))
    found = learn(tiny, wrong, epochs=9, patience=2, judged_by="auc")
    assert reached(found) == [0.5] * 3  # equal is no progress


def test_a_mean_of_weights_is_what_is_judged_and_given(tiny: World) -> None:
    found = learn(tiny, tiny.check, epochs=3, averaged=0.9)
    plain = learn(tiny, tiny.check, epochs=3)
    odds = odds_of(found.network, tiny.check.inputs, "cpu")
    assert auc(odds[:, 0], tiny.check.labels[:, 0]) == max(reached(found))
    assert reached(found) != reached(plain)


def test_lazy_learns_as_well() -> None:
    wide = world()
    assert max(reached(learn(wide, wide.check, epochs=12, lazy=True, dim=8))) > 0.78


def test_shuffled_labels_teach_nothing() -> None:
    large = world(9_000, seed=4)
    learn, check, later = (shuffled(part) for part in (large.learn, large.check, large.later))
    found = train(ranker(epochs=2, batch=1024), Lesson(large.layout, learn, check))
    chances = found.score(later.inputs)[:, 0]
    assert abs(auc(chances, later.labels[:, 0]) - 0.5) < 0.01


def test_a_loss_that_is_no_number_is_told(tiny: World) -> None:
    broken = replace(tiny.learn, weights=np.full(len(tiny.learn), np.nan, np.float32))
    with pytest.raises(BuildError, match="epoch 1: the loss is no number; lower `rate`"):
        train(ranker(), Lesson(tiny.layout, broken))


def test_progress_is_told(tiny: World) -> None:
    told: list[Progress] = []
    shares: list[float] = []
    lesson = Lesson(tiny.layout, tiny.learn, tiny.check, tell=told.append, progress=shares.append)
    found = train(ranker(epochs=2, batch=8), lesson)
    assert tuple(told) == found.curve
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(shares) > 2


def test_deterministic_is_only_so_while_it_learns(tiny: World) -> None:
    learn(tiny, None, epochs=1, deterministic=True)
    assert not torch.are_deterministic_algorithms_enabled()


def test_half_precision_learns(tiny: World) -> None:
    found = learn(tiny, tiny.check, epochs=2, precision="bf16")
    assert found.curve[1].loss < found.curve[0].loss
