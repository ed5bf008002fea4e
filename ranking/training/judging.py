"""The figure that decides which epoch was the best, from log-odds; higher is better."""

from typing import Literal

import numpy as np

from graph.graph import Floats
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
    order = np.lexsort((scores, persons))
    values, whose, yes = scores[order], persons[order], labels[order] > 0
    new_person = np.r_[True, whose[1:] != whose[:-1]]
    firsts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]] | new_person)
    counts = np.diff(np.r_[firsts, len(values)])
    ranks = np.repeat(firsts + (counts + 1) / 2, counts)  # equal scores share the mean of theirs
    starts = np.flatnonzero(new_person)
    rows = np.diff(np.r_[starts, len(values)])
    taken = np.add.reduceat(yes.astype(np.int64), starts)
    won = np.add.reduceat(ranks * yes, starts) - taken * (starts + (taken + 1) / 2)
    pairs = taken * (rows - taken)
    able = pairs > 0
    if not able.any():
        return 0.5
    return float(np.average(won[able] / pairs[able], weights=rows[able]))


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
