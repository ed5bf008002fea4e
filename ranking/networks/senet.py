"""SENET: features weighed by what all of them are."""

from torch import Tensor, nn


class SENET(nn.Module):
    """a = ReLU(W₂ ReLU(W₁ z)), z the means of the features (FiBiNET, Huang et al. 2019)."""

    def __init__(self, features: int, shrink: int = 3) -> None:
        super().__init__()
        narrow = max(1, features // shrink)
        self.weigh = nn.Sequential(
            nn.Linear(features, narrow, bias=False),
            nn.ReLU(),
            nn.Linear(narrow, features, bias=False),
            nn.ReLU(),
        )

    def forward(self, vectors: Tensor) -> Tensor:
        """Weigh the features. # (rows, features, dim) → the same"""
        weights: Tensor = self.weigh(vectors.mean(2))
        return vectors * weights[..., None]
