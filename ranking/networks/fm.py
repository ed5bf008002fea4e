"""FM: weights, and products of every two embeddings."""

from torch import Tensor, nn

from ranking.examples import Layout
from ranking.networks.batch import Batch
from ranking.networks.features import Weighed


def products(x: Tensor) -> Tensor:
    """Sum the products of every two features. # (rows, features, width) → (rows, width)"""
    return (x.sum(1).square() - x.square().sum(1)) / 2


class Products(nn.Module):
    """The products, as a layer."""

    def forward(self, vectors: Tensor) -> Tensor:
        """Sum the products of every two features. # (rows, features, width) → (rows, width)"""
        return products(vectors)


class FMNetwork(nn.Module):
    """FM (Rendle 2010)."""

    def __init__(self, layout: Layout, dim: int) -> None:
        super().__init__()
        self.features = Weighed(layout, dim)

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds. # (rows, tasks)"""
        vectors, weights = self.features(batch)
        odds: Tensor = products(vectors).sum(1, keepdim=True) + weights
        return odds
