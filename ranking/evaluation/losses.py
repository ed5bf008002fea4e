"""How true chances are: logistic loss, and calibration by tenths."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats
from ranking.evaluation.sums import Sums, sums_of
from ranking.examples import Longs

SURE = 1e-7  # how near to nought and one a chance counts
PARTS = 10


@dataclass(frozen=True)
class Tenth:
    """Rows whose chances are alike: what was foretold, and what came true."""

    rows: int
    told: float
    true: float


def loss(chances: Floats, labels: Floats, persons: Longs) -> Sums:
    """Give the logistic loss of each person's rows."""
    sure = chances.astype(np.float64).clip(SURE, 1 - SURE)
    losses = -(labels * np.log(sure) + (1 - labels) * np.log1p(-sure))
    return sums_of(losses, np.ones(len(losses)), persons)


def tenths(chances: Floats, labels: Floats, parts: int = PARTS) -> list[Tenth]:
    """Cut rows into parts of equal size by their chances, the smallest first."""
    order = np.argsort(chances, kind="stable")
    return [_tenth(chances[some], labels[some]) for some in np.array_split(order, parts)
            if len(some)]  # fmt: skip


def calibration_error(found: list[Tenth]) -> float:
    """Give the mean distance between what was foretold and what came true (Naeini et al. 2015)."""
    rows: NDArray[np.int64] = np.array([tenth.rows for tenth in found])
    apart = np.array([abs(tenth.told - tenth.true) for tenth in found])
    return float((rows * apart).sum() / max(rows.sum(), 1))


def _tenth(chances: Floats, labels: Floats) -> Tenth:
    return Tenth(len(chances), float(chances.mean()), float(labels.mean()))
