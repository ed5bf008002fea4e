"""MMoE: experts that all tasks share, and a gate for each task."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ranking.examples import Layout
from ranking.networks.batch import Batch
from ranking.networks.embedding import Embedding
from ranking.networks.features import count, vectors
from ranking.networks.mlp import MLP
from ranking.networks.pricing import priced
from ranking.rankers.deep import Hidden


class MMoENetwork(nn.Module):
    """MMoE (Ma et al. 2018): for task k, tower_k(Σ_i softmax(G_k x)_i expert_i(x))."""

    def __init__(
        self,
        layout: Layout,
        dim: int,
        experts: Sequence[Hidden],
        tower: Hidden,
        prices: Sequence[float],
    ) -> None:
        super().__init__()
        self.embedding, self.prices = Embedding(layout, dim), tuple(prices)
        width, tasks = count(layout) * dim, len(layout.tasks)
        self.experts = nn.ModuleList(MLP(width, hidden) for hidden in experts)
        self.gates = nn.Linear(width, tasks * len(experts))
        between = experts[0].sizes[-1]
        self.towers = nn.ModuleList(
            nn.Sequential(deep := MLP(between, tower), nn.Linear(deep.width, 1))
            for _ in layout.tasks
        )

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds. # (rows, tasks)"""
        x = vectors(self.embedding, batch).flatten(1)
        said = torch.stack([expert(x) for expert in self.experts], 1)  # (rows, experts, between)
        heard = self.shares(x) @ said  # (rows, tasks, between)
        found = [tower(heard[:, n]) for n, tower in enumerate(self.towers)]
        return torch.cat(found, 1)

    def shares(self, x: Tensor) -> Tensor:
        """Give how much each task hears each expert. # (rows, width) → (rows, tasks, experts)"""
        shares: Tensor = self.gates(x).view(len(x), len(self.towers), len(self.experts))
        return shares.softmax(2)

    def loss(self, odds: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
        """Give the logistic losses of all tasks, each by its price."""
        return priced(odds, labels, weights, self.prices)
