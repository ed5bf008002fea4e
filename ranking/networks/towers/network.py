"""Two towers with all that may stand between them.

Whoever asks becomes one row of numbers and so does every item; what meets is two rows. Rows of
items do not depend on who asks, so they are made beforehand. Features of pairs are not read.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from ranking.examples import Layout
from ranking.networks.batch import Batch, Sided
from ranking.networks.embedding import Embedding
from ranking.networks.lookup import pick
from ranking.networks.towers.crossed import Crossed
from ranking.networks.towers.crossing import Crossing
from ranking.networks.towers.layers import Tower, cut, mean
from ranking.networks.towers.nova import Nova
from ranking.networks.towers.taught import taught
from ranking.networks.towers.tops import Dot, Layered

if TYPE_CHECKING:
    from ranking.rankers.towers import Towers


@dataclass(frozen=True)
class Read:
    """Embedded features of who asks."""

    own: Tensor  # (asks, features, dim)
    steps: tuple[Tensor, ...]  # (asks, length, fields · dim) each
    real: tuple[Tensor, ...]  # (asks, length) each


class TowersNetwork(nn.Module):
    """The tower of who asks, the tower of items, and where they meet."""

    def __init__(self, layout: Layout, options: "Towers") -> None:
        super().__init__()
        self.layout, self.options, self.still = layout, options, False
        tasks, dim = len(layout.tasks), options.dim
        self.embedding = Embedding(layout, dim)
        self.attention = nn.ModuleList(
            Nova(past, dim) for past in layout.asks.pasts if options.attention == "nova"
        )
        self.top = top_of(options, tasks)
        asks, items = count_of(layout, "asks"), count_of(layout, "items")
        steps = sum(len(past.fields) for past in layout.asks.pasts)
        pooled = len(self.attention) if options.attention == "nova" else steps
        self.asks = Tower(
            (asks + pooled) * dim,
            options.hidden_asks,
            self.top.vectors,
            options.dropout,
            options.norm,
        )
        self.crossed = Crossed(items, dim) if options.items == "fibinet" and items else None
        wide = self.crossed.width if self.crossed is not None else items * dim
        self.items = Tower(
            wide, options.hidden_items, options.vector, options.dropout, options.norm
        )
        self.cross = Crossing(asks + steps, items, tasks, dim) if options.cross == "fm" else None
        self.start = nn.Parameter(torch.zeros(tasks))

    def forward(self, batch: Batch) -> Tensor:
        """Give log-odds. # (rows, tasks)"""
        asked, offered = self.ask(batch.asks), self.offer(batch.items)
        return self.meet(pick(asked, batch.ask), pick(offered, batch.item))

    def ask(self, asks: Sided) -> Tensor:
        """Give the row of whoever asks. # (asks, …)"""
        read = self.read(asks)
        return self.asked(read, self.pooled(read))

    def asked(self, read: Read, pooled: Tensor) -> Tensor:
        """Give the row of whoever asks, from what was read. # (asks, …)"""
        u = self.asks(torch.cat([read.own.flatten(1), pooled.flatten(1)], 1))
        asked: Tensor = self.top.ask(u)
        if self.cross is None:
            return asked
        return torch.cat([asked, self.cross.ask(torch.cat([read.own, self.means(read)], 1))], 1)

    def offer(self, items: Sided) -> Tensor:
        """Give the row of each item. # (items, …)"""
        features = self.held(self.embedding.side("items", items))
        wide = features.flatten(1) if self.crossed is None else self.crossed(features)
        offered: Tensor = self.top.offer(self.items(wide))
        if self.cross is None:
            return offered
        return torch.cat([offered, self.cross.offer(features)], 1)

    def meet(self, asked: Tensor, offered: Tensor) -> Tensor:
        """Give log-odds of pairs, or of one who asks with each item. # (rows, tasks)"""
        if self.cross is None:
            return self.top.meet(asked, offered) + self.start
        mine, crossing = cut(asked, (self.top.asked, self.cross.asked))
        its, crossed = cut(offered, (self.top.offered, self.cross.offered))
        return self.top.meet(mine, its) + self.cross.meet(crossing, crossed) + self.start

    def read(self, asks: Sided) -> Read:
        """Look up all features of who asks."""
        pasts = zip(asks.pasts, self.layout.asks.pasts, strict=True)
        found = [self.embedding.past(codes, past.fields) for codes, past in pasts]
        wide = (-1, self.embedding.width)
        steps = tuple(self.held(s.view(*s.shape[:2], *wide)).flatten(2) for s, _ in found)
        own = self.held(self.embedding.side("asks", asks))
        return Read(own, steps, tuple(real for _, real in found))

    def means(self, read: Read) -> Tensor:
        """Give the mean of each field of each past. # (asks, fields, dim)"""
        found = [mean(s, r) for s, r in zip(read.steps, read.real, strict=True)]
        wide = torch.cat(found, 1) if found else read.own.new_zeros(len(read.own), 0)
        return wide.view(len(read.own), -1, self.options.dim)

    def pooled(self, read: Read) -> Tensor:
        """Give what is made of pasts: by attention one vector each. # (asks, vectors, dim)"""
        if not len(self.attention):
            return self.means(read)
        parts = zip(self.attention, read.steps, read.real, strict=True)
        return torch.stack([nova(steps, real) for nova, steps, real in parts], 1)

    def held(self, embedded: Tensor) -> Tensor:
        """Give as much of embeddings as is read; they stay still if they are somebody else's."""
        seen = embedded[..., : self.options.dim]
        return seen.detach() if self.still else seen

    def loss(self, odds: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
        """Give the logistic loss, of a teacher's chances too where labels have them."""
        return taught(odds, labels, weights, self.options.distil)


def top_of(options: "Towers", tasks: int) -> Dot | Layered:
    """Give where the towers meet."""
    if options.top == "dot":
        return Dot(options.vector, tasks)
    return Layered(options.vector, tasks, options.hidden_top, options.dropout)


def count_of(layout: Layout, name: str) -> int:
    """Count the features of a side, but for pasts."""
    side = layout.asks if name == "asks" else layout.items
    return len(side.ones) + len(side.bags) + len(side.numbers)


def towers_in(network: nn.Module) -> TowersNetwork:
    """Find the towers in what stands around them."""
    return next(module for module in network.modules() if isinstance(module, TowersNetwork))
