"""Dropout that draws a byte for each number: on CPUs, drawing costs as much as a plain layer."""

import torch
from torch import Tensor, nn
from torch.nn import functional

BYTES = 8  # of a draw
LEVELS = 256
LOWEST = torch.iinfo(torch.int64).min


class Dropped(nn.Module):
    """Nought for a share of numbers, rounded to 1/256, and the others grow (Srivastava 2014)."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        """Drop, while learning."""
        if not self.training or x.device.type != "cpu":
            return functional.dropout(x, self.share, self.training)
        dropped = min(round(self.share * LEVELS), LEVELS - 1)
        draws = torch.empty(-(-x.numel() // BYTES), dtype=torch.int64).random_(LOWEST, None)
        kept = draws.view(torch.uint8)[: x.numel()].view(x.shape) >= dropped
        return x * kept.to(x.dtype).mul_(LEVELS / (LEVELS - dropped))
