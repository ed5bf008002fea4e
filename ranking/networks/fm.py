"""FM: weights, and products of every two embeddings."""

import torch
from torch import Tensor, nn

from ranking.examples import Layout
from ranking.networks.batch import Batch
from ranking.networks.embedding import Embedding


class Weights(nn.Module):
    """A weight for each feature, summed, for each task."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self.weights = Embedding(layout, len(layout.tasks))
        self.start = nn.Parameter(torch.zeros(len(layout.tasks)))

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds. # (rows, tasks)"""
        found: Tensor = self.weights(batch).sum(1) + self.start
        return found


def products(x: Tensor) -> Tensor:
    """Sum the products of every two features. # (rows, features, width) → (rows, width)"""
    return (x.sum(1).square() - x.square().sum(1)) / 2


class FMNetwork(nn.Module):
    """FM (Rendle 2010)."""

    def __init__(self, layout: Layout, dim: int) -> None:
        super().__init__()
        self.weights, self.embedding = Weights(layout), Embedding(layout, dim)

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds. # (rows, tasks)"""
        crossed = products(self.embedding(batch)).sum(1, keepdim=True)
        odds: Tensor = crossed + self.weights(batch)
        return odds
