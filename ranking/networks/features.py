"""Features of pairs as networks read them: single ones, bags, numbers, and pasts by their mean."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from ranking.examples import Field, Layout
from ranking.networks.batch import Batch
from ranking.networks.embedding import Embedding, features_of, sides_of
from ranking.networks.lookup import pick


def count(layout: Layout) -> int:
    """Count the vectors of a pair, the means of pasts among them."""
    pasts = sum(len(past.fields) for side in sides_of(layout).values() for past in side.pasts)
    return len(features_of(layout)) + pasts


def vectors(embedding: Embedding, batch: Batch) -> Tensor:
    """Give the vectors of each pair, the means of pasts last. # (rows, features, width)"""
    means = list(_means(embedding, batch))
    single: Tensor = embedding(batch)
    return torch.cat([single, *means], 1) if means else single


def _means(embedding: Embedding, batch: Batch) -> Iterator[Tensor]:
    layout = embedding.layout
    for past, steps in zip(layout.asks.pasts, batch.asks.pasts, strict=True):
        yield pick(mean(embedding, steps, past.fields), batch.ask)
    for past, steps in zip(layout.items.pasts, batch.items.pasts, strict=True):
        yield pick(mean(embedding, steps, past.fields), batch.item)
    for past, steps in zip(layout.pairs.pasts, batch.pairs.pasts, strict=True):
        yield mean(embedding, steps, past.fields)


def mean(embedding: Embedding, steps: Tensor, fields: tuple[Field, ...]) -> Tensor:
    """Give the mean of the real steps of pasts; 0 where there is none.

    (subjects, length, fields) → (subjects, fields, width)
    """
    found, real = embedding.past(steps, fields)
    means = found.sum(1) / real.sum(1, keepdim=True).clamp_min(1)
    return means.view(-1, len(fields), embedding.width)


class Weighed(nn.Module):
    """Vectors of features, and their weights, by one lookup: a weight is the end of its vector."""

    def __init__(self, layout: Layout, dim: int) -> None:
        super().__init__()
        self.dim, tasks = dim, len(layout.tasks)
        self.embedding = Embedding(layout, dim + tasks)
        self.start = nn.Parameter(torch.zeros(tasks))

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Give vectors, and the sum of weights. # (rows, features, dim), (rows, tasks)"""
        found = vectors(self.embedding, batch)
        # One way back, where slices would each fill a whole tensor.
        own, weights = torch.split(found, [self.dim, len(self.start)], 2)
        return own, weights.sum(1) + self.start
