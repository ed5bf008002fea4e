"""The person tower: deeds, long-term interests, who and where somebody is, in some vectors."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from graph.graph import Numbers
from recall.towers.items import bag
from recall.towers.journeys import FACTS, Asked
from recall.towers.layers import TagAttention, hidden_layers, unit
from recall.towers.spec import TowerSpace
from recall.towers.tables import Table


class PersonTower(nn.Module):
    """v = unit(hidden(norm(deeds + tags + words + W facts))), for each interest."""

    def __init__(self, space: TowerSpace, tags: bool, words: Table) -> None:
        super().__init__()
        dim = space.dim
        self.encoder, self.dropout, self.words = space.encoder(), space.dropout, words
        self.begin = nn.Parameter(torch.randn(dim) * 0.02)
        self.strength = nn.Parameter(torch.zeros(dim))
        self.facts = nn.Linear(FACTS, dim, bias=False)
        nn.init.zeros_(self.facts.weight)
        self.interests = TagAttention(dim) if tags else None
        self.norm = nn.LayerNorm(dim)
        self.deep = hidden_layers(dim, space.hidden, dim)

    def tokens(self, items: Tensor, strengths: Tensor) -> Tensor:
        """Make deeds what the encoder reads: a beginning, and items by how much each was liked.

        items: (rows, length, dim); strengths: (rows, length), 0 for a click.
        """
        x = unit(items) * items.shape[-1] ** 0.5 + strengths[..., None] * self.strength
        begin = self.begin.expand(len(x), 1, -1)
        return functional.dropout(torch.cat((begin, x), 1), self.dropout, self.training)

    def forward(self, tokens: Tensor, asked: Asked, tag_table: Table, first_tag: int) -> Tensor:
        """Give the vectors of what is asked. # (asked, interests, dim)"""
        device = tokens.device
        rows, places = (torch.from_numpy(some).to(device) for some in (asked.rows, asked.places))
        x = self.encoder(tokens)[rows, places]
        if self.interests is not None:
            shares = torch.from_numpy(asked.shares).to(device)
            x = x + self.interests(x, taken(tag_table, asked.tags, first_tag), shares)
        known = bag(self.words, asked.words) + self.facts(torch.from_numpy(asked.facts).to(device))
        x = self.norm(x + known[:, None])
        found: Tensor = x if self.deep is None else self.deep(x)
        return found


def taken(table: Table, tags: Numbers, first: int) -> Tensor:
    """Give the vectors of tags; any for none. # (rows, tags, dim)"""
    numbers, places = np.unique(np.maximum(tags, 0), return_inverse=True)
    device = table.rows.device
    some = table.take(torch.from_numpy(numbers.astype(np.int64) + first).to(device))
    return some[torch.from_numpy(places.reshape(tags.shape)).to(device)]
