"""A gate: each number of the features is let through as far as all of them together say."""

from torch import Tensor, nn


class Gate(nn.Module):
    """x ∘ 2σ(W₂ ReLU(W₁ x)) (FinalMLP's feature selection, Mao et al. 2023).

    The last matrix begins at nought: at first all passes as it is.
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.width = width
        last = nn.Linear(hidden, width)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.open = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), last)

    def forward(self, x: Tensor) -> Tensor:
        """Let through. # (rows, width) → the same"""
        passed: Tensor = x * 2 * self.open(x).sigmoid()
        return passed
