"""Layers of both towers."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from ranking.networks.mlp import MLP
from ranking.rankers.deep import Hidden


class Tower(nn.Module):
    """Layers that bend, and a last one that does not; without any input a constant."""

    def __init__(
        self, width: int, hidden: Sequence[int], out: int, dropout: float, norm: bool = False
    ) -> None:
        super().__init__()
        self.width = width
        self.bent = MLP(max(width, 1), Hidden(tuple(hidden), dropout, norm))
        self.last = nn.Linear(self.bent.width, out)

    def forward(self, x: Tensor) -> Tensor:
        """Give what the last layer says. # (rows, width) → (rows, out)"""
        found: Tensor = self.last(self.bent(x if self.width else x.new_ones(len(x), 1)))
        return found


def mean(steps: Tensor, real: Tensor) -> Tensor:
    """Give the mean of real steps, nought without any. # (rows, length, width) → (rows, width)"""
    counts = real.sum(1, keepdim=True).clamp_min(1)
    return (steps * real[..., None]).sum(1) / counts


def cut(x: Tensor, widths: Sequence[int]) -> Iterator[Tensor]:
    """Take vectors that stand side by side apart."""
    yield from torch.split(x, list(widths), -1)


def dotted(asked: Tensor, offered: Tensor, tasks: int) -> Tensor:
    """Multiply each task's vector with the item's. # (rows or 1, tasks · n), (rows, n)"""
    vectors = asked.view(len(asked), tasks, -1)
    if len(asked) == 1:
        return offered @ vectors[0].T  # one ask, many items
    return (vectors * offered[:, None]).sum(-1)
