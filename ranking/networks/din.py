"""DIN: what somebody did, each step as far as it has to do with the item."""

import torch
from torch import Tensor, nn

from ranking.examples import Layout, Past
from ranking.networks.attention import Attention
from ranking.networks.batch import Batch
from ranking.networks.embedding import Embedding, Tables, features_of
from ranking.networks.mlp import MLP
from ranking.networks.steps import comparing, own, steps_of
from ranking.rankers.deep import Hidden


class Interest(nn.Module):
    """The sum of a past's steps, weighed by the item."""

    def __init__(
        self, layout: Layout, past: Past, dim: int, hidden: tuple[int, ...], soft: bool
    ) -> None:
        super().__init__()
        self.comparing, self.soft = comparing(layout, past), soft
        self.width = len(past.fields) * dim
        self.attention = Attention(self.width, len(self.comparing.targets) * dim, hidden)

    def forward(self, tables: Tables, codes: Tensor, batch: Batch) -> Tensor:
        """Give what of the pasts has to do with each pair's item.

        codes: (asks, length, fields) → (rows, width)
        """
        queries = self.comparing.queries(tables, batch)
        if len(codes) == 1:
            return self._of_one(self.comparing.keys(tables, steps_of(codes)[0]), queries)
        steps, row = steps_of(own(codes, batch))
        keys = self.comparing.keys(tables, steps)
        weights = self.attention(keys, queries, row)
        if self.soft:
            weights = softmax(weights, row, len(queries))
        nothing = keys.new_zeros(len(queries), self.width)
        return nothing.index_add(0, row, weights[:, None] * keys)

    def _of_one(self, keys: Tensor, queries: Tensor) -> Tensor:
        weights = self.attention.of_one(keys, queries)  # (rows, steps)
        return (weights.softmax(1) if self.soft else weights) @ keys


def softmax(weights: Tensor, row: Tensor, rows: int) -> Tensor:
    """Let the weights of each row sum to one. # (steps,)"""
    lowest = weights.new_full((rows,), -torch.inf)
    highest = lowest.scatter_reduce(0, row, weights.detach(), "amax")
    powers = (weights - highest[row]).exp()
    return powers / weights.new_zeros(rows).index_add(0, row, powers)[row]


class DINNetwork(nn.Module):
    """DIN (Zhou et al. 2018)."""

    def __init__(
        self, layout: Layout, dim: int, hidden: Hidden, attention: tuple[int, ...], soft: bool
    ) -> None:
        super().__init__()
        self.embedding = Embedding(layout, dim)
        self.interests = nn.ModuleList(
            Interest(layout, past, dim, attention, soft) for past in layout.asks.pasts
        )
        steps = sum(len(past.fields) for past in layout.asks.pasts)
        self.deep = MLP((len(features_of(layout)) + steps) * dim, hidden)
        self.last = nn.Linear(self.deep.width, len(layout.tasks))

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds. # (rows, tasks)"""
        tables, pasts = self.embedding.tables, zip(self.interests, batch.asks.pasts, strict=True)
        interests = [interest(tables, codes, batch) for interest, codes in pasts]
        x = torch.cat([self.embedding(batch).flatten(1), *interests], 1)
        odds: Tensor = self.last(self.deep(x))
        return odds
