"""CIN: products of vectors, number by number, of one degree more in each layer."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class CIN(nn.Module):
    """Xᵏₕ = Σᵢⱼ Wᵏₕᵢⱼ (Xᵏ⁻¹ᵢ ∘ X⁰ⱼ), each summed over its numbers (xDeepFM, Lian et al. 2018)."""

    def __init__(self, features: int, sizes: Sequence[int]) -> None:
        super().__init__()
        self.width = sum(sizes)
        before = (features, *sizes[:-1])
        self.layers = nn.ModuleList(
            nn.Linear(features * b, size) for b, size in zip(before, sizes, strict=True)
        )

    def forward(self, vectors: Tensor) -> Tensor:
        """Give the sums of all layers. # (rows, features, dim) → (rows, all sizes)"""
        first = vectors.transpose(1, 2)  # (rows, dim, features)
        x, sums = first, []
        for layer in self.layers:
            products = x[..., :, None] * first[..., None, :]  # (rows, dim, size, features)
            x = layer(products.flatten(2))  # (rows, dim, size)
            sums.append(x.sum(1))
        return torch.cat(sums, 1)
