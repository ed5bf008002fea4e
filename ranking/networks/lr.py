"""Logistic regression."""

from torch import Tensor, nn

from ranking.examples import Layout
from ranking.networks.batch import Batch
from ranking.networks.features import Weighed


class LRNetwork(nn.Module):
    """A weight for each feature, summed."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self.features = Weighed(layout, 0)

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds. # (rows, tasks)"""
        odds: Tensor = self.features(batch)[1]
        return odds
