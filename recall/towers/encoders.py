"""What reads the sequence of deeds: each place says something of all deeds up to it."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from recall.towers.layers import Block, causal

TINY = 1e-9


class Encoder(nn.Module):
    """What reads tokens: (rows, length, dim) -> (rows, length, interests, dim)."""

    heads = 1  # of attention


class Averaged(Encoder):
    """The mean of what was done (YouTube, Covington et al. 2016)."""

    def forward(self, tokens: Tensor) -> Tensor:
        """Give one vector a place. # (rows, length, dim) -> (rows, length, 1, dim)"""
        counts = torch.arange(1, tokens.shape[1] + 1, device=tokens.device)
        return (tokens.cumsum(1) / counts[:, None])[:, :, None]


class Attentive(Encoder):
    """Blocks of attention over the deeds and their places."""

    def __init__(self, dim: int, length: int, layers: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.places = nn.Parameter(torch.randn(length, dim) * 0.02)
        self.blocks = nn.ModuleList(Block(dim, heads, dropout) for _ in range(layers))
        self.heads, self.dropout = heads, dropout

    def forward(self, tokens: Tensor) -> Tensor:
        """Give one vector a place. # (rows, length, dim) -> (rows, length, 1, dim)"""
        x = tokens + self.places[: tokens.shape[1]]
        x = functional.dropout(x, self.dropout, self.training)
        for block in self.blocks:
            x = block(x)
        return x[:, :, None]


class Moods(Encoder):
    """Several interests a place: deeds are shared out among slots that compete for them.

    Slots as in Locatello et al. 2020, over deeds up to each place. What was done of late and what
    was done all along are summed up apart for each interest; a gate fuses them.
    """

    def __init__(self, dim: int, interests: int, short: int, rounds: int) -> None:
        super().__init__()
        self.short, self.rounds = short, rounds
        self.register_buffer("told", torch.tensor([short, rounds]))  # for who answers by arrays
        self.begin = nn.Parameter(torch.randn(interests, dim))
        self.near = nn.Linear(dim, interests * dim, bias=False)
        self.query, self.key = nn.Linear(dim, dim, bias=False), nn.Linear(dim, dim, bias=False)
        self.gate = nn.Linear(2 * dim + 2, dim)

    def forward(self, tokens: Tensor) -> Tensor:
        """Give the interests at each place. # (rows, length, dim) -> (rows, length, slots, dim)"""
        rows, length, dim = tokens.shape
        seen = causal(length, tokens.device)
        key = self.key(tokens) * dim**-0.5
        slots = self.begin + self.near(tokens).view(rows, length, -1, dim)
        parts = self._parts(slots, key, seen)
        for _ in range(self.rounds - 1):
            parts = self._parts(summed(parts, tokens)[0], key, seen)
        lately = seen.triu(1 - self.short)[:, None]  # (length, 1, length)
        return self._fused(summed(parts * lately, tokens), summed(parts, tokens))

    def _parts(self, slots: Tensor, key: Tensor, seen: Tensor) -> Tensor:
        """Share each deed out among the slots of a place. # (rows, length, slots, length)"""
        fit = torch.einsum("btnd,bjd->btnj", self.query(slots), key)
        return fit.softmax(2) * seen[:, None]

    def _fused(self, short: tuple[Tensor, Tensor], long: tuple[Tensor, Tensor]) -> Tensor:
        masses = torch.cat((short[1], long[1]), -1).log1p()
        gate = self.gate(torch.cat((short[0], long[0], masses), -1)).sigmoid()
        fused: Tensor = gate * short[0] + (1 - gate) * long[0]
        return fused


def summed(parts: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
    """Give the means of deeds by their parts, and the sums of the parts."""
    masses = parts.sum(-1, keepdim=True)
    return torch.einsum("btnj,bjd->btnd", parts / (masses + TINY), tokens), masses
