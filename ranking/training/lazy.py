"""Lazy Adam: a step moves only the embeddings that took part in it.

What Adam remembers of a row stands still while the row takes no part, and so does the price of its
size. A step costs what its batch costs, however many rows there are.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from graph.graph import Floats
from nlp.compiled import compiled

BETAS = (0.9, 0.999)
TINY = 1e-8
UNSEEN = -1
AGES = np.arange(20_001)  # steps of a row after which what it began with is forgotten
RISES, SCALES = ((1 / (1 - beta ** np.maximum(AGES, 1))).astype(np.float32) for beta in BETAS)


class LazyAdam(torch.optim.Optimizer):
    """Adam (Kingma and Ba 2015) for matrices whose slopes name rows; l2 and l1 are prices."""

    def __init__(
        self, weights: list[torch.nn.Parameter], rate: float, l2: float, l1: float
    ) -> None:
        super().__init__(weights, {"lr": rate, "l2": l2, "l1": l1})
        self.places: dict[Tensor, NDArray[np.int64]] = {}  # of rows among those of a step

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override] # nobody gives one
        """Move what has a slope."""
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._move(weight, weight.grad, (group["lr"], group["l2"], group["l1"]))

    def _move(self, weight: Tensor, slope: Tensor, prices: tuple[float, float, float]) -> None:
        held = self._held(weight)
        if not slope.is_sparse:
            slope = slope.to_sparse(1)
        if weight.device.type != "cpu":
            _move_by_torch(weight, slope.coalesce(), held, prices)
            return
        place = self.places.setdefault(weight, np.full(len(weight), UNSEEN))
        means, squares, steps = (held[name].numpy() for name in ("means", "squares", "steps"))
        numbers, values = slope._indices()[0].numpy(), slope._values().contiguous().numpy()
        _move_rows(
            weight.numpy(), means, squares, steps, RISES, SCALES, place, numbers, values, prices
        )

    def _held(self, weight: Tensor) -> dict[str, Tensor]:
        held: dict[str, Tensor] = self.state[weight]
        if not held:
            held["means"], held["squares"] = torch.zeros_like(weight), torch.zeros_like(weight)
            held["steps"] = torch.zeros(len(weight), device=weight.device)
        return held


@compiled
def _move_rows(
    rows: Floats,
    means: Floats,
    squares: Floats,
    steps: Floats,
    rises: Floats,
    scales: Floats,
    place: NDArray[np.int64],
    numbers: NDArray[np.int64],
    slopes: Floats,
    prices: tuple[float, float, float],
) -> None:
    """Add up slopes by row, then move each row once; `place` is left as it was found."""
    rate, l2, l1 = prices
    width, found = rows.shape[1], 0
    taken, sums = np.empty(len(numbers), np.int64), np.empty_like(slopes)
    for n in range(len(numbers)):
        row = numbers[n]
        if place[row] == UNSEEN:
            place[row], taken[found] = found, row
            for k in range(width):
                sums[found, k] = slopes[n, k]
            found += 1
        else:
            for k in range(width):
                sums[place[row], k] += slopes[n, k]
    for n in range(found):
        row = taken[n]
        place[row] = UNSEEN
        steps[row] += 1
        age = int(min(steps[row], len(rises) - 1))
        rise, scale = rises[age] * np.float32(rate), scales[age]
        for k in range(width):
            old = rows[row, k]
            slope = sums[n, k] + np.float32(l2) * old + np.float32(l1) * np.sign(old)
            means[row, k] += np.float32(1 - BETAS[0]) * (slope - means[row, k])
            squares[row, k] += np.float32(1 - BETAS[1]) * (slope * slope - squares[row, k])
            length = np.sqrt(squares[row, k] * scale) + np.float32(TINY)
            rows[row, k] = old - rise * means[row, k] / length


def _move_by_torch(
    weight: Tensor, slope: Tensor, held: dict[str, Tensor], prices: tuple[float, float, float]
) -> None:
    rate, l2, l1 = prices
    numbers, old = slope.indices()[0], weight[slope.indices()[0]]
    values = slope.values() + l2 * old + l1 * old.sign()
    mean = held["means"][numbers].lerp_(values, 1 - BETAS[0])
    square = held["squares"][numbers].lerp_(values.square(), 1 - BETAS[1])
    steps = held["steps"][numbers].add_(1)
    held["means"][numbers], held["squares"][numbers], held["steps"][numbers] = mean, square, steps
    length = (square / (1 - BETAS[1] ** steps)[:, None]).sqrt_().add_(TINY)
    weight[numbers] = old - rate * mean / (1 - BETAS[0] ** steps)[:, None] / length
