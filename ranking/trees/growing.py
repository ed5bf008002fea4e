"""How trees grow: one task after the other, until what is held out is foretold no better."""

from typing import Any

import lightgbm
import numpy as np

from graph.graph import Floats
from ranking.rankers.gbdt import GBDT
from ranking.rankers.lesson import Lesson
from ranking.training.calibrating import calibrate, uncalibrated
from ranking.trees.columns import Heads, heads_of, matrix_of
from ranking.trees.grown import Grown, odds_of


def grow(ranker: GBDT, lesson: Lesson) -> Grown:
    """Learn every task, then calibrate."""
    layout, check = lesson.layout, lesson.check
    heads = heads_of(layout, ranker.marks)
    learn = matrix_of(lesson.learn.inputs, layout, ranker.marks)
    later = matrix_of(check.inputs, layout, ranker.marks) if check else None
    boosters = []
    for task in range(len(layout.tasks)):
        boosters.append(_grow(ranker, lesson, heads, (learn, later), task))
        lesson.progress((task + 1) / len(layout.tasks))
    calibration = uncalibrated(len(layout.tasks))
    if check is not None and later is not None:
        odds = odds_of(tuple(boosters), later)
        calibration = calibrate(odds, check.labels, check.weights)
    return Grown(layout, tuple(boosters), calibration, ranker.marks)


def _grow(
    ranker: GBDT,
    lesson: Lesson,
    heads: Heads,
    matrices: tuple[Floats, Floats | None],
    task: int,
) -> Any:
    learn, later = matrices
    examples, check = lesson.learn, lesson.check
    known: dict[str, Any] = {
        "feature_name": _plain(heads.names),
        "categorical_feature": heads.categories,
    }
    labels = np.ascontiguousarray(examples.labels[:, task])
    dealt = lightgbm.Dataset(learn, labels, weight=examples.weights, **known)
    if check is None or later is None or not _judges(check.labels[:, task]):
        return lightgbm.train(_options(ranker, lesson), dealt, ranker.trees)
    truth = np.ascontiguousarray(check.labels[:, task])
    held = lightgbm.Dataset(later, truth, weight=check.weights, reference=dealt)
    stop = lightgbm.early_stopping(ranker.patience, verbose=False)
    return lightgbm.train(
        _options(ranker, lesson), dealt, ranker.trees, valid_sets=[held], callbacks=[stop]
    )


def _judges(labels: Floats) -> bool:
    return bool(labels.min() < labels.max())


def _options(ranker: GBDT, lesson: Lesson) -> dict[str, Any]:
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "num_leaves": ranker.leaves,
        "min_data_in_leaf": ranker.least,
        "learning_rate": ranker.rate,
        "feature_fraction": ranker.share,
        "lambda_l2": ranker.l2,
        "seed": ranker.seed,
        "num_threads": lesson.threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }


def _plain(names: list[str]) -> list[str]:
    """Name columns as LightGBM allows: without what JSON keeps for itself, each once."""
    words = ["".join(c if c.isalnum() else "_" for c in name) for name in names]
    return [f"{place}_{word}" for place, word in enumerate(words)]
