"""FM across the towers: what somebody is and did times what an item is, as one inner product.

The sum over all pairs of a feature here and a feature there is the product of two sums (Rendle
2010), so each side is one vector of an embedding's width; each feature has a weight in its sum.
"""

import torch
from torch import Tensor, nn

from ranking.networks.towers.layers import dotted


class Crossing(nn.Module):
    """A weight for each feature of who asks, for each task, and one for each of the item."""

    def __init__(self, asks: int, items: int, tasks: int, dim: int) -> None:
        super().__init__()
        self.tasks = tasks
        self.mine = nn.Parameter(torch.zeros(tasks, asks))  # likes are not believed to attract
        self.its = nn.Parameter(torch.ones(items))
        self.asked, self.offered = tasks * dim, dim

    def ask(self, features: Tensor) -> Tensor:
        """Give the sum for each task. # (asks, features, dim) → (asks, tasks · dim)"""
        return (self.mine @ features).flatten(1)

    def offer(self, features: Tensor) -> Tensor:
        """Give the sum of items' features. # (items, features, dim) → (items, dim)"""
        return self.its @ features

    def meet(self, asked: Tensor, offered: Tensor) -> Tensor:
        """Give the sum of all products. # (rows, tasks)"""
        return dotted(asked, offered, self.tasks)
