"""Multinomial logistic regression: which of several kinds a description speaks for."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

Rows = NDArray[np.float32]
STEPS = 60
SMOOTH = 1e-3  # keeps columns that never vary from being blown up


@dataclass(frozen=True)
class Softmax:
    """Columns are centred and scaled; the last weight is added to all."""

    middle: Rows  # (columns,)
    scale: Rows  # (columns,)
    weights: Rows  # (columns + 1, kinds)

    def score(self, rows: Rows) -> Rows:
        """The chance of every kind."""  # (rows, kinds)
        scores = _with_one((rows - self.middle) / self.scale) @ self.weights
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(chances / chances.sum(axis=1, keepdims=True), np.float32)


def fit(
    rows: Rows,
    kinds: NDArray[np.int64],
    factors: NDArray[np.float64],
    count: int,
    decay: float,
) -> Softmax:
    """Learn from rows, their kinds and how much each counts."""
    middle, scale = rows.mean(axis=0), rows.std(axis=0) + np.float32(SMOOTH)
    seen = torch.from_numpy(_with_one((rows - middle) / scale))
    right = torch.from_numpy(kinds)
    shares = torch.from_numpy(factors / factors.sum()).float()
    weights = torch.zeros(seen.shape[1], count, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        surprise = functional.cross_entropy(seen @ weights, right, reduction="none")
        whole = (surprise * shares).sum() + decay * (weights * weights).sum()
        whole.backward()  # type: ignore[no-untyped-call]
        return whole

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return Softmax(middle, scale, weights.detach().numpy())


def _with_one(rows: Rows) -> Rows:
    return np.concatenate([rows, np.ones((len(rows), 1), np.float32)], axis=1)
