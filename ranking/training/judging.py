"""The figure that decides which epoch was the best, from log-odds; higher is better."""

from typing import Literal

import numpy as np

from graph.graph import Floats
from ranking.evaluation.areas import areas_by_person
from ranking.examples import Examples, Longs

Measure = Literal["auc", "gauc", "logloss"]


def judge(measure: Measure, odds: Floats, check: Examples) -> float:
    """Give the mean of all tasks; of the logistic loss what is below nought. # (rows, tasks)"""
    return float(np.mean([_judge(measure, o, y, check) for o, y in _tasks(odds, check)]))


def auc(scores: Floats, labels: Floats) -> float:
    """Give the chance that a yes is scored above a no (Mann and Whitney 1947).

    Half where there is only one of both.
    """
    return gauc(scores, labels, np.zeros(len(scores), np.int64))


def gauc(scores: Floats, labels: Floats, persons: Longs) -> float:
    """Give the mean AUC of persons by their rows; who took all or nothing does not count."""
    _, numbers = np.unique(persons, return_inverse=True)
    found = areas_by_person(scores, labels, numbers.astype(np.int64)).mean()
    return 0.5 if np.isnan(found) else found


def logloss(odds: Floats, labels: Floats) -> float:
    """Give the mean logistic loss."""
    exact = odds.astype(np.float64)
    return float((np.logaddexp(0, exact) - labels * exact).mean())


def _judge(measure: Measure, odds: Floats, labels: Floats, check: Examples) -> float:
    if measure == "auc":
        return auc(odds, labels)
    if measure == "gauc":
        return gauc(odds, labels, check.persons)
    return -logloss(odds, labels)


def _tasks(odds: Floats, check: Examples) -> list[tuple[Floats, Floats]]:
    return [(odds[:, n], check.labels[:, n]) for n in range(check.labels.shape[1])]
