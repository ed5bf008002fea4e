"""Layers that towers are made of."""

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDER = 2  # how many times wider a block is inside


def hidden_layers(enter: int, hidden: Sequence[int], leave: int) -> nn.Sequential | None:
    """Give layers with a bend between each two; none if none are hidden."""
    if not hidden:
        return None
    widths = [enter, *hidden, leave]
    layers: list[nn.Module] = []
    for a, b in itertools.pairwise(widths):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class Block(nn.Module):
    """Attention to what came before, then two layers; each adds to what was (SASRec, 2018)."""

    def __init__(self, dim: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.before, self.between = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.look, self.tell = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.wide, self.narrow = nn.Linear(dim, WIDER * dim), nn.Linear(WIDER * dim, dim)

    def forward(self, x: Tensor) -> Tensor:
        """Let each place look at itself and all before it. # (rows, length, dim)"""
        rows, length, dim = x.shape
        looks = self.look(self.before(x)).view(rows, length, 3, self.heads, -1)
        query, key, value = looks.permute(2, 0, 3, 1, 4)  # (rows, heads, length, dim of a head)
        seen = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self._drop(self.tell(seen.transpose(1, 2).reshape(rows, length, dim)))
        return x + self._drop(self.narrow(functional.gelu(self.wide(self.between(x)))))

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.dropout, self.training)


class TagAttention(nn.Module):
    """What of the long-term interests matters here: attention to tags, the stronger ones more."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(dim, dim, bias=False), nn.Linear(dim, dim, bias=False)
        self.value = nn.Linear(dim, dim, bias=False)

    def forward(self, state: Tensor, tags: Tensor, shares: Tensor) -> Tensor:
        """Give the sum of tags by their importance for each vector of a state.

        state: (rows, vectors, dim); tags: (rows, tags, dim); shares: (rows, tags), 0 for none.
        """
        heat = state.shape[-1] ** -0.5
        fit = self.query(state) @ self.key(tags).transpose(1, 2) * heat  # (rows, vectors, tags)
        fit = fit + shares.clamp_min(1e-9).log()[:, None, :]
        parts = fit.softmax(-1) * (shares > 0)[:, None, :]
        told: Tensor = parts @ self.value(tags)
        return told


def unit(x: Tensor) -> Tensor:
    """Bring vectors to length one."""
    return functional.normalize(x, dim=-1)


def causal(length: int, device: torch.device) -> Tensor:
    """Mark what each place may look at. # (length, length)"""
    return torch.ones(length, length, dtype=torch.bool, device=device).tril()
