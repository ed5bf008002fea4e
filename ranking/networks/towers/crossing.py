"""FM across the towers: what somebody is and did times what an item is, as one inner product.

The sum over all pairs of a feature here and a feature there is linear in the item's features, so
whoever asks is one vector for it (Rendle 2010; weights of pairs of fields: Pan et al. 2018).
"""

import torch
from torch import Tensor, nn

from ranking.networks.towers.layers import dotted


class Crossing(nn.Module):
    """A weight for each feature of who asks and each of the item, for each task."""

    def __init__(self, asks: int, items: int, tasks: int, dim: int) -> None:
        super().__init__()
        self.tasks = tasks
        self.weights = nn.Parameter(torch.ones(tasks, asks, items))
        self.asked, self.offered = tasks * items * dim, items * dim

    def ask(self, features: Tensor) -> Tensor:
        """Give what items' features are multiplied with. # (asks, features, dim) → (asks, asked)"""
        return torch.einsum("afd,tfi->atid", features, self.weights).flatten(1)

    def offer(self, features: Tensor) -> Tensor:
        """Give items' features side by side. # (items, features, dim) → (items, offered)"""
        return features.flatten(1)

    def meet(self, asked: Tensor, offered: Tensor) -> Tensor:
        """Give the sum of all products. # (rows, tasks)"""
        return dotted(asked, offered, self.tasks)
