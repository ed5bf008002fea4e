"""Where two towers meet: an inner product, or layers of which the first is shared out."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ranking.networks.towers.layers import Tower, cut, dotted


class Dot(nn.Module):
    """An inner product for each task; items have one vector, whoever asks has one a task."""

    def __init__(self, vector: int, tasks: int) -> None:
        super().__init__()
        self.tasks, self.vectors = tasks, tasks * vector  # of the tower of who asks
        self.asked, self.offered = tasks * vector, vector

    def ask(self, u: Tensor) -> Tensor:
        """Give what who asks brings. # (asks, asked)"""
        return u

    def offer(self, v: Tensor) -> Tensor:
        """Give what an item brings. # (items, offered)"""
        return v

    def meet(self, asked: Tensor, offered: Tensor) -> Tensor:
        """Give log-odds. # (rows, tasks)"""
        return dotted(asked, offered, self.tasks)


class Layered(nn.Module):
    """Layers over both vectors and their product.

    The first layer is a sum of a part of each side, made once, and a part of the product.
    """

    def __init__(self, vector: int, tasks: int, hidden: Sequence[int], dropout: float) -> None:
        super().__init__()
        first, *rest = hidden
        self.vectors, self.widths = vector, (vector, first)
        self.asked = self.offered = sum(self.widths)
        self.mine, self.its = nn.Linear(vector, first), nn.Linear(vector, first, bias=False)
        self.both = nn.Linear(vector, first, bias=False)
        self.drop, self.rest = nn.Dropout(dropout), Tower(first, rest, tasks, dropout)

    def ask(self, u: Tensor) -> Tensor:
        """Give the vector and its part of the first layer. # (asks, asked)"""
        return torch.cat([u, self.mine(u)], 1)

    def offer(self, v: Tensor) -> Tensor:
        """Give the vector and its part of the first layer. # (items, offered)"""
        return torch.cat([v, self.its(v)], 1)

    def meet(self, asked: Tensor, offered: Tensor) -> Tensor:
        """Give log-odds. # (rows, tasks)"""
        (u, mine), (v, its) = cut(asked, self.widths), cut(offered, self.widths)
        if len(u) == 1:  # one ask, many items
            first = torch.addmm(its, v, (self.both.weight * u).T).add_(mine)
        else:
            first = mine + its + self.both(u * v)
        found: Tensor = self.rest(self.drop(first.relu_()))
        return found
