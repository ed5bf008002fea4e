"""Bilinear products of every two features."""

from typing import Literal

import torch
from torch import Tensor, nn

Shared = Literal["all", "each", "pair"]


class Bilinear(nn.Module):
    """pᵢⱼ = (vᵢ W) ∘ vⱼ for i < j: one W for all, each i, or each pair (FiBiNET, 2019)."""

    def __init__(self, features: int, dim: int, shared: Shared = "each") -> None:
        super().__init__()
        left, right = torch.triu_indices(features, features, 1)
        self.register_buffer("left", left, persistent=False)
        self.register_buffer("right", right, persistent=False)
        self.shared, self.pairs = shared, len(left)
        count = {"all": 1, "each": features, "pair": self.pairs}[shared]
        self.weights = nn.Parameter(torch.empty(count, dim, dim))
        nn.init.xavier_normal_(self.weights)

    def forward(self, vectors: Tensor) -> Tensor:
        """Give a product for each pair. # (rows, features, dim) → (rows, pairs, dim)"""
        left, right = self.get_buffer("left"), self.get_buffer("right")
        if self.shared == "pair":
            turned = _turned(vectors[:, left], self.weights)
        else:
            turned = _turned(vectors, self.weights)[:, left]
        return turned * vectors[:, right]


def _turned(vectors: Tensor, weights: Tensor) -> Tensor:
    """Bring vector n by matrix n. # (rows, n, dim), (n or 1, dim, dim) → (rows, n, dim)"""
    if len(weights) == 1:
        return vectors @ weights[0]
    return torch.bmm(vectors.transpose(0, 1), weights).transpose(0, 1)
