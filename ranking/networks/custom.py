"""A network as the spec lists it: branches that read the features, once or several times."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from ranking.examples import Layout
from ranking.networks.batch import Batch
from ranking.networks.embedding import Embedding
from ranking.networks.features import count, vectors
from ranking.networks.mlp import MLP
from ranking.rankers.deep import Hidden
from ranking.rankers.layers import Layer, Shape, single


class Branch(nn.Sequential):
    """Layers, each of which reads what the one before gives; one vector at the end."""

    def __init__(self, layers: Sequence[Layer], shape: Shape, dropout: float) -> None:
        super().__init__()
        for layer in layers:
            if not layer.reads_features:
                self.append(nn.Flatten(1))
                shape = single(shape.width)
            self.append(layer.module(shape, dropout))
            shape = layer.after(shape)
        self.append(nn.Flatten(1))
        self.width = shape.width


class Member(nn.Module):
    """All branches side by side, and what reads them together."""

    def __init__(self, branches: Sequence[Branch], head: Hidden, tasks: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)
        self.head = MLP(sum(branch.width for branch in branches), head)
        self.last = nn.Linear(self.head.width, tasks, bias=False)

    def forward(self, vectors: Tensor) -> Tensor:
        """Give log-odds. # (rows, features, dim) → (rows, tasks)"""
        found = torch.cat([branch(vectors) for branch in self.branches], 1)
        odds: Tensor = self.last(self.head(found))
        return odds


class CustomNetwork(nn.Module):
    """Members that learn by themselves, embeddings included, and whose chances are averaged.

    A deep ensemble (Lakshminarayanan et al. 2017) in one network: the embeddings of all members
    stand side by side in the same rows, so that there is one lookup.
    """

    def __init__(
        self,
        layout: Layout,
        dim: int,
        branches: Sequence[Sequence[Layer]],
        head: Hidden,
        members: int,
    ) -> None:
        super().__init__()
        shape, tasks = Shape(count(layout), dim), len(layout.tasks)
        self.dim, self.embedding = dim, Embedding(layout, members * (dim + tasks))
        self.start = nn.Parameter(torch.zeros(tasks))
        self.members = nn.ModuleList(
            Member([Branch(b, shape, head.dropout) for b in branches], head, tasks)
            for _ in range(members)
        )

    def forward(self, batch: Batch) -> Tensor:
        """Give log-odds: (rows, tasks), or while learning, each member's: (members, rows, tasks)"""
        found = vectors(self.embedding, batch).chunk(len(self.members), 2)
        pairs = zip(self.members, found, strict=True)
        odds = torch.stack([self._odds(member, some) for member, some in pairs])
        return odds if self.training else together(odds)

    def _odds(self, member: nn.Module, found: Tensor) -> Tensor:
        """Give the log-odds of a member: of its branches, and of weights at the vectors' end."""
        own, weights = torch.split(found, [self.dim, len(self.start)], 2)
        odds: Tensor = member(own) + weights.sum(1) + self.start
        return odds


def together(odds: Tensor) -> Tensor:
    """Give the log-odds of the mean chance. # (members, rows, tasks) → (rows, tasks)"""
    yes, no = functional.logsigmoid(odds), functional.logsigmoid(-odds)
    return yes.logsumexp(0) - no.logsumexp(0)
