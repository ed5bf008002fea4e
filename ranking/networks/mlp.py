"""Plain layers, one after the other."""

from torch import Tensor, nn
from torch.nn import functional

from ranking.networks.dropping import Dropped
from ranking.rankers.deep import Hidden


class Normed(nn.BatchNorm1d):
    """Batch normalisation (Ioffe, Szegedy 2015); a lone row is brought to what was usual so far."""

    def forward(self, x: Tensor) -> Tensor:
        """Bring each number to its mean and deviation. # (rows, width)"""
        if self.training and len(x) < 2:
            usual = (self.running_mean, self.running_var, self.weight, self.bias)
            return functional.batch_norm(x, *usual, eps=self.eps)
        return super().forward(x)


class MLP(nn.Sequential):
    """Linear, normalised, above nought, and some dropped: (rows, width) → (rows, last hidden)."""

    def __init__(self, width: int, hidden: Hidden) -> None:
        super().__init__()
        self.width = hidden.sizes[-1] if hidden.sizes else width
        for before, after in zip((width, *hidden.sizes), hidden.sizes, strict=False):
            self.append(nn.Linear(before, after, bias=not hidden.norm))
            if hidden.norm:
                self.append(Normed(after))
            self.append(nn.ReLU(inplace=True))
            if hidden.dropout:
                self.append(Dropped(hidden.dropout))
