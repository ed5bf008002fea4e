"""NOVA: attention that side information steers without entering it (Liu et al. 2021)."""

import torch
from torch import Tensor, nn

from ranking.examples import Past
from ranking.networks.towers.layers import mean


class Nova(nn.Module):
    """The steps of a past look at each other; the first field of a past is what is carried.

    Queries and keys see all fields and how long ago a step is, values see the first field alone.
    """

    def __init__(self, past: Past, dim: int) -> None:
        super().__init__()
        wide = dim * len(past.fields)
        self.dim = dim
        self.ages = nn.Parameter(torch.randn(past.length, wide) * 0.01)
        self.query, self.key = nn.Linear(wide, dim), nn.Linear(wide, dim, bias=False)
        self.value, self.norm = nn.Linear(dim, dim, bias=False), nn.LayerNorm(dim)

    def forward(self, steps: Tensor, real: Tensor) -> Tensor:
        """Give the mean of what the steps carry after the attention.

        (rows, length, fields · dim), (rows, length) → (rows, dim)
        """
        carried = steps[..., : self.dim]
        found = self.shares(steps, real) @ self.value(carried)
        return mean(self.norm(carried + found), real)

    def shares(self, steps: Tensor, real: Tensor) -> Tensor:
        """Give how much each step takes of each other. # (rows, length, length)"""
        aged = steps + self.ages[self._ages(real)]
        near = self.query(aged) @ self.key(aged).transpose(1, 2) / self.dim**0.5
        near = near.masked_fill(~real[:, None], -torch.inf)
        near = near.masked_fill(~real.any(1)[:, None, None], 0.0)  # nothing done: no step is real
        shares: Tensor = near.softmax(-1)
        return shares

    def _ages(self, real: Tensor) -> Tensor:
        """Count steps from the latest one on. # (rows, length)"""
        places = torch.arange(real.shape[1], device=real.device)
        ages = real.sum(1, keepdim=True) - 1 - places
        return ages.clamp(0, len(self.ages) - 1)
