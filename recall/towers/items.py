"""The item tower: what an item is by itself, by its words, and by what another space knows."""

import numpy as np
import torch
from torch import Tensor, nn

from graph.graph import Edges, Floats, Numbers
from graph.products import rows_of
from recall.towers.knowledge import Bags
from recall.towers.layers import hidden_layers
from recall.towers.spec import TowerSpace
from recall.towers.tables import Table


class ItemTower(nn.Module):
    """x = own + sum of words + W pretrained, through hidden layers if there are any.

    What is pretrained may be a start instead: x = unit(pretrained) + own + words, both from nought.
    """

    def __init__(
        self, bags: Bags, pretrained: Floats | None, space: TowerSpace, own: Table, words: Table
    ) -> None:
        super().__init__()
        self.own, self.words = own, words  # (items, dim), (words, dim)
        self.bags, self.forget, dim = bags, space.forget, space.dim
        self.pretrained = None if pretrained is None else torch.from_numpy(pretrained)
        self.enter: nn.Linear | None = None
        if pretrained is not None and not space.starts():
            self.enter = nn.Linear(pretrained.shape[1], dim, bias=False)
        self.deep = hidden_layers(dim, space.hidden, dim)

    def forward(self, items: Numbers) -> Tensor:
        """Give the vectors of items, each named once. # (items, dim)"""
        device = self.own.rows.device
        numbers = torch.from_numpy(items.astype(np.int64)).to(device)
        x = self.own.take(numbers)
        if self.training and self.forget:
            x = x * (torch.rand(len(x), 1, device=device) >= self.forget)
        x = x + bag(self.words, rows_of(self.bags.edges, items))
        if self.pretrained is not None:
            known = self.pretrained[items].to(device)
            x = x + (known if self.enter is None else self.enter(known))
        return x if self.deep is None else self.deep(x)

    def all(self, size: int = 8192) -> Tensor:
        """Give the vectors of all items. # (items, dim)"""
        numbers = np.arange(len(self.own.rows), dtype=np.int32)
        return torch.cat([self(numbers[at : at + size]) for at in range(0, len(numbers), size)])


def bag(table: Table, rows: Edges) -> Tensor:
    """Sum up the words of each row. # (rows, dim)"""
    device = table.rows.device
    if not len(rows):
        return torch.zeros(len(rows.starts) - 1, table.rows.shape[1], device=device)
    words, places = np.unique(rows.targets, return_inverse=True)
    taken = table.take(torch.from_numpy(words.astype(np.int64)).to(device))
    return nn.functional.embedding_bag(
        torch.from_numpy(places.astype(np.int64)).to(device),
        taken,
        torch.from_numpy(rows.starts[:-1]).to(device),
        mode="sum",
        per_sample_weights=torch.from_numpy(rows.weights).to(device),
    )
