"""FiBiNET: bilinear products of features, and of features that SENET has weighed."""

import torch
from torch import Tensor, nn

from ranking.examples import Layout
from ranking.networks.batch import Batch
from ranking.networks.bilinear import Bilinear, Shared
from ranking.networks.features import Weighed, count
from ranking.networks.mlp import MLP
from ranking.networks.senet import SENET
from ranking.rankers.deep import Hidden


class FiBiNETNetwork(nn.Module):
    """FiBiNET (Huang et al. 2019)."""

    def __init__(
        self, layout: Layout, dim: int, shrink: int, shared: Shared, hidden: Hidden
    ) -> None:
        super().__init__()
        self.features = Weighed(layout, dim)
        self.senet = SENET(count(layout), shrink)
        self.plain = Bilinear(count(layout), dim, shared)
        self.weighed = Bilinear(count(layout), dim, shared)
        self.deep = MLP(2 * self.plain.pairs * dim, hidden)
        self.last = nn.Linear(self.deep.width, len(layout.tasks), bias=False)

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds. # (rows, tasks)"""
        vectors, weights = self.features(batch)
        crossed = torch.cat([self.plain(vectors), self.weighed(self.senet(vectors))], 1)
        odds: Tensor = weights + self.last(self.deep(crossed.flatten(1)))
        return odds
