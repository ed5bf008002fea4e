"""Cross layers: products of features of bounded degree, by one matrix a layer."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Crosses:
    """How many layers cross, and what their matrices are made of."""

    depth: int
    rank: int | None = None  # of each expert; without it matrices are whole
    experts: int = 1


class Cross(nn.Module):
    """x' = x₀ ∘ (W x + b) + x (DCN v2, Wang et al. 2021)."""

    def __init__(self, layers: Iterable[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, start: Tensor) -> Tensor:
        """Cross the input with itself, once a layer. # (rows, width) → the same"""
        x = start
        for layer in self.layers:
            x = torch.addcmul(x, start, layer(x))
        return x


def cross(width: int, crosses: Crosses) -> Cross:
    """Make the layers: W whole, or a mixture of experts of low rank (DCN-Mix)."""
    if crosses.rank is None:
        return Cross(nn.Linear(width, width) for _ in range(crosses.depth))
    rank, experts = crosses.rank, crosses.experts
    return Cross(Mixture(width, rank, experts) for _ in range(crosses.depth))


class Mixture(nn.Module):
    """Σᵢ gᵢ(x) (Uᵢ tanh(Cᵢ tanh(Vᵢ x))) + b, all experts side by side in the same products."""

    def __init__(self, width: int, rank: int, experts: int) -> None:
        super().__init__()
        self.narrow = nn.Linear(width, experts * rank, bias=False)
        self.within = nn.Parameter(torch.randn(experts, rank, rank) / rank**0.5)
        self.widen = nn.Linear(experts * rank, width)
        self.gates = nn.Linear(width, experts)
        self.shape = (experts, rank)

    def forward(self, x: Tensor) -> Tensor:
        """Give W x + b. # (rows, width)"""
        low = self.narrow(x).tanh().unflatten(1, self.shape)  # (rows, experts, rank)
        low = torch.einsum("ner,ers->nes", low, self.within).tanh()
        found: Tensor = self.widen((low * self.gates(x).softmax(1)[..., None]).flatten(1))
        return found
