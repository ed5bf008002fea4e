"""Layers of both towers."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn


class Tower(nn.Module):
    """Layers that bend, and a last one that does not; without any input a constant."""

    def __init__(
        self, width: int, hidden: Sequence[int], out: int, dropout: float, norm: bool = False
    ) -> None:
        super().__init__()
        self.width = width
        widths = [max(width, 1), *hidden]
        layers: list[nn.Module] = []
        for n, size in enumerate(hidden):
            layers += [nn.Linear(widths[n], size)]
            layers += [nn.BatchNorm1d(size)] if norm else []
            layers += [nn.ReLU(), nn.Dropout(dropout)]
        self.layers = nn.Sequential(*layers, nn.Linear(widths[-1], out))

    def forward(self, x: Tensor) -> Tensor:
        """Give what the last layer says. # (rows, width) → (rows, out)"""
        found: Tensor = self.layers(x if self.width else x.new_ones(len(x), 1))
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
