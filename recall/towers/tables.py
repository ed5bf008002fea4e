"""Rows that learn one by one: a step touches only those that took part in it.

What Adam remembers of a row stands still while the row takes no part, so that a step costs what
its batch costs, however many rows there are.
"""

import torch
from torch import Tensor

BETAS = (0.9, 0.98)
TINY = 1e-8


class Table:
    """A matrix of embeddings that learns by lazy Adam."""

    def __init__(self, rows: Tensor, shrink: float = 0.0) -> None:
        self.rows = rows  # (rows, dim)
        self.shrink = shrink  # share of a row's length that a step takes, times the rate
        self.means, self.squares = torch.zeros_like(rows), torch.zeros_like(rows)
        self.steps = torch.zeros(len(rows), 1, device=rows.device)
        self._taken: list[tuple[Tensor, Tensor]] = []

    def take(self, numbers: Tensor) -> Tensor:
        """Give rows, each named once, whose slope is wanted. # (numbers, dim)"""
        some = self.rows.index_select(0, numbers)
        if torch.is_grad_enabled():
            self._taken.append((numbers, some.requires_grad_()))
        return some

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move what was taken since the last step."""
        for numbers, some in self._taken:
            if some.grad is not None:
                self._move(numbers, some, some.grad, rate)
        self._taken.clear()

    def _move(self, numbers: Tensor, some: Tensor, slope: Tensor, rate: float) -> None:
        mean = self.means[numbers].mul_(BETAS[0]).add_(slope, alpha=1 - BETAS[0])
        square = self.squares[numbers].mul_(BETAS[1]).addcmul_(slope, slope, value=1 - BETAS[1])
        steps = self.steps[numbers].add_(1)
        self.means[numbers], self.squares[numbers], self.steps[numbers] = mean, square, steps
        way = mean / (1 - BETAS[0] ** steps)
        way /= (square / (1 - BETAS[1] ** steps)).sqrt_().add_(TINY)
        self.rows[numbers] = some * (1 - rate * self.shrink) - way * rate
