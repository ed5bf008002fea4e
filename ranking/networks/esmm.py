"""ESMM: what follows a click, learned over everything that was shown."""

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


class ESMMNetwork(nn.Module):
    """ESMM (Ma et al. 2018), for any number of tasks of which each follows the one before.

    Layers of each task tell its chance after the task before; the chance among everything that
    was shown, which labels are known for, is the product. Embeddings are shared.
    """

    def __init__(self, layout: Layout, dim: int, hidden: Hidden, prices: Sequence[float]) -> None:
        super().__init__()
        self.embedding, self.prices = Embedding(layout, dim), tuple(prices)
        self.towers = nn.ModuleList(
            nn.Sequential(deep := MLP(count(layout) * dim, hidden), nn.Linear(deep.width, 1))
            for _ in layout.tasks
        )

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds of each task among everything that was shown. # (rows, tasks)"""
        after = self.after(batch)
        odds = [after[:, 0]]
        for one in after.unbind(1)[1:]:
            odds.append(both(odds[-1], one))
        return torch.stack(odds, 1)

    def after(self, batch: Batch) -> Tensor:
        """Give the log-odds of each task after the one before. # (rows, tasks)"""
        x = vectors(self.embedding, batch).flatten(1)
        return torch.cat([tower(x) for tower in self.towers], 1)

    def loss(self, odds: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
        """Give the logistic losses of all tasks, each by its price."""
        return priced(odds, labels, weights, self.prices)


def both(one: Tensor, other: Tensor) -> Tensor:
    """Give the log-odds of a product of chances from the log-odds of each.

    1/pq - 1 = exp(-a) + exp(-b) + exp(-a-b) for p = σ(a) and q = σ(b)
    """
    return -torch.stack([-one, -other, -one - other]).logsumexp(0)
