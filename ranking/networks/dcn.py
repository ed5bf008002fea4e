"""DCN v2: cross layers beside plain ones, or before them."""

import torch
from torch import Tensor, nn

from ranking.examples import Layout
from ranking.networks.batch import Batch
from ranking.networks.cross import Crosses, cross
from ranking.networks.embedding import Embedding
from ranking.networks.features import count, vectors
from ranking.networks.mlp import MLP
from ranking.rankers.deep import Hidden


class DCNNetwork(nn.Module):
    """DCN v2 (Wang et al. 2021)."""

    def __init__(
        self, layout: Layout, dim: int, crosses: Crosses, hidden: Hidden, stacked: bool
    ) -> None:
        super().__init__()
        self.embedding, self.stacked = Embedding(layout, dim), stacked
        width = count(layout) * dim
        self.cross, self.deep = cross(width, crosses), MLP(width, hidden)
        self.last = nn.Linear(self.deep.width + (0 if stacked else width), len(layout.tasks))

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds. # (rows, tasks)"""
        x = vectors(self.embedding, batch).flatten(1)
        crossed = self.cross(x)
        deep = self.deep(crossed if self.stacked else x)
        odds: Tensor = self.last(deep if self.stacked else torch.cat([crossed, deep], 1))
        return odds
