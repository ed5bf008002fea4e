"""DeepFM: FM and layers over the same embeddings."""

from torch import Tensor, nn

from ranking.examples import Layout
from ranking.networks.batch import Batch
from ranking.networks.features import Weighed, count
from ranking.networks.fm import products
from ranking.networks.mlp import MLP
from ranking.rankers.deep import Hidden


class DeepFMNetwork(nn.Module):
    """DeepFM (Guo et al. 2017)."""

    def __init__(self, layout: Layout, dim: int, hidden: Hidden) -> None:
        super().__init__()
        self.features = Weighed(layout, dim)
        self.deep = MLP(count(layout) * dim, hidden)
        self.last = nn.Linear(self.deep.width, len(layout.tasks), bias=False)

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds. # (rows, tasks)"""
        vectors, weights = self.features(batch)
        crossed = products(vectors).sum(1, keepdim=True)
        odds: Tensor = weights + crossed + self.last(self.deep(vectors.flatten(1)))
        return odds
