"""What of an item matters, and how two features of it go together (FiBiNET, Huang et al. 2019)."""

import torch
from torch import Tensor, nn

from ranking.networks.bilinear import Bilinear
from ranking.networks.senet import SENET


class Crossed(nn.Module):
    """Features, their bilinear products, and the products of features that SENET has weighed."""

    def __init__(self, features: int, dim: int) -> None:
        super().__init__()
        self.senet = SENET(features)
        self.plain, self.weighed = (Bilinear(features, dim, "pair") for _ in range(2))
        self.width = (features + 2 * self.plain.pairs) * dim

    def forward(self, x: Tensor) -> Tensor:
        """Give all side by side. # (rows, features, dim) → (rows, width)"""
        return torch.cat([x, self.plain(x), self.weighed(self.senet(x))], 1).flatten(1)
