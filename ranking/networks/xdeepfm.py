"""xDeepFM: weights, CIN and layers over the same embeddings."""

from collections.abc import Sequence

from torch import Tensor, nn

from ranking.examples import Layout
from ranking.networks.batch import Batch
from ranking.networks.cin import CIN
from ranking.networks.features import Weighed, count
from ranking.networks.mlp import MLP
from ranking.rankers.deep import Hidden


class XDeepFMNetwork(nn.Module):
    """xDeepFM (Lian et al. 2018)."""

    def __init__(self, layout: Layout, dim: int, sizes: Sequence[int], hidden: Hidden) -> None:
        super().__init__()
        self.features = Weighed(layout, dim)
        self.cin = CIN(count(layout), sizes)
        self.deep = MLP(count(layout) * dim, hidden)
        self.last = nn.Linear(self.deep.width, len(layout.tasks), bias=False)
        self.crossed = nn.Linear(self.cin.width, len(layout.tasks), bias=False)

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds. # (rows, tasks)"""
        vectors, weights = self.features(batch)
        deep = self.last(self.deep(vectors.flatten(1)))
        odds: Tensor = weights + self.crossed(self.cin(vectors)) + deep
        return odds
