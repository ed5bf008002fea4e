"""What of an item matters, and how two features of it go together (FiBiNET, Huang et al. 2019)."""

import torch
from torch import Tensor, nn


class Senet(nn.Module):
    """A weight for each feature, by what all features are."""

    def __init__(self, features: int, reduction: int = 3) -> None:
        super().__init__()
        few = max(1, features // reduction)
        self.squeeze = nn.Linear(features, few, bias=False)
        self.excite = nn.Linear(few, features, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Give features with their weights. # (rows, features, dim)"""
        return x * self.weights(x)[..., None]

    def weights(self, x: Tensor) -> Tensor:
        """Give the weights, one for a feature that is as common. # (rows, features)"""
        found: Tensor = self.excite(torch.relu(self.squeeze(x.mean(-1))))
        return 1 + found


class Bilinear(nn.Module):
    """The product of every two features, one of which is turned, each two by a matrix of theirs."""

    def __init__(self, features: int, dim: int) -> None:
        super().__init__()
        pairs = torch.triu_indices(features, features, 1)
        self.register_buffer("left", pairs[0], persistent=False)
        self.register_buffer("right", pairs[1], persistent=False)
        self.turns = nn.Parameter(torch.randn(pairs.shape[1], dim, dim) / dim**0.5)
        self.width = pairs.shape[1] * dim

    def forward(self, x: Tensor) -> Tensor:
        """Give the products. # (rows, features, dim) → (rows, width)"""
        left, right = self.get_buffer("left"), self.get_buffer("right")
        turned = torch.einsum("rpd,pde->rpe", x[:, left], self.turns)
        return (turned * x[:, right]).flatten(1)


class Crossed(nn.Module):
    """Features, their products, and the products of what SENET makes of them."""

    def __init__(self, features: int, dim: int) -> None:
        super().__init__()
        self.senet, self.plain = Senet(features), Bilinear(features, dim)
        self.weighed = Bilinear(features, dim)
        self.width = features * dim + self.plain.width + self.weighed.width

    def forward(self, x: Tensor) -> Tensor:
        """Give all side by side. # (rows, features, dim) → (rows, width)"""
        return torch.cat([x.flatten(1), self.plain(x), self.weighed(self.senet(x))], 1)
