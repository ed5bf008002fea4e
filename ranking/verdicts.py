"""What a model's chances are worth on rows that it did not learn, as metrics of its artifact."""

import numpy as np

from ranking.evaluation.areas import areas_by_person
from ranking.evaluation.losses import calibration_error, loss, tenths
from ranking.examples import Examples
from ranking.rankers.lesson import Scorer
from ranking.training.judging import auc


def verdicts(scorer: Scorer, check: Examples, tasks: tuple[str, ...]) -> dict[str, float]:
    """Give AUC, GAUC, logloss and calibration error of each task."""
    chances = scorer.score(check.inputs.without_bias())  # as in serving
    _, persons = np.unique(check.persons, return_inverse=True)
    found = {"check.rows": float(len(check))}
    for number, task in enumerate(tasks):
        told, labels = chances[:, number], check.labels[:, number]
        found |= {
            f"{task}.auc": auc(told, labels),
            f"{task}.gauc": areas_by_person(told, labels, persons).mean(),
            f"{task}.logloss": loss(told, labels, persons).mean(),
            f"{task}.calibration_error": calibration_error(tenths(told, labels)),
        }
    return {name: value for name, value in found.items() if not np.isnan(value)}
