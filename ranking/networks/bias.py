"""A tower for what must not count: where an item was shown decides whether it is looked at.

The chance of a click is that of being looked at, by the place, times that of being taken once it
is looked at (PAL, Guo et al. 2019); or log-odds are added, for biases that are not about looking.
In serving nobody knows the place yet: every pair gets the usual share, and the order is that of
what is taken once it is looked at.
"""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from ranking.examples import Layout
from ranking.networks.batch import Batch
from ranking.networks.embedding import Tables

Manner = Literal["product", "sum"]
KEEP = 0.99  # of what was usual before, with each batch
LOOKED = 1.5  # log-odds of being looked at, to begin with


class Unbiased(nn.Module):
    """A network, and a tower beside it that takes the blame."""

    usual: Tensor
    told: Tensor

    def __init__(self, inner: nn.Module, layout: Layout, manner: Manner) -> None:
        super().__init__()
        self.inner, self.fields, self.manner = inner, layout.bias, manner
        alone = Layout(bias=layout.bias, tasks=layout.tasks)
        self.tables = Tables(alone, len(layout.tasks))
        self.start = nn.Parameter(torch.full((len(layout.tasks),), LOOKED))
        self.register_buffer("usual", torch.zeros(len(layout.tasks)))
        self.register_buffer("told", torch.zeros(()))

    def forward(self, batch: Batch) -> Tensor:
        """Give the log-odds of each task where it was shown, or usually. # (rows, tasks)"""
        odds: Tensor = self.inner(batch)
        if not batch.bias.shape[1]:
            return self._with(odds, self.usual.expand_as(odds))
        looked = self.looked(batch.bias)
        if self.training:
            self._remember(self._mean(looked.detach()))
        return self._with(odds, looked)

    def looked(self, bias: Tensor) -> Tensor:
        """Give the log of the chance to be looked at, or what is added. # (rows, tasks)"""
        found = self.tables.look(bias, self.fields).sum(1) + self.start
        return functional.logsigmoid(found) if self.manner == "product" else found

    def loss(self, odds: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
        """Give what is to become less, by the network itself."""
        from ranking.networks.whole import loss_of  # noqa: PLC0415 - which makes this tower

        return loss_of(self.inner, odds, labels, weights)

    def _with(self, odds: Tensor, looked: Tensor) -> Tensor:
        return odds + looked if self.manner == "sum" else both(looked, odds)

    def _mean(self, looked: Tensor) -> Tensor:
        """Give what is usual in a batch: of chances the mean, of log-odds as well."""
        return looked.mean(0) if self.manner == "sum" else looked.exp().mean(0).log()

    def _remember(self, looked: Tensor) -> None:
        """Keep what is usual, from the first batch on."""
        keep = torch.where(self.told > 0, KEEP, 0.0)
        self.usual.copy_(keep * self.usual + (1 - keep) * looked)
        self.told.fill_(1.0)


def both(looked: Tensor, odds: Tensor) -> Tensor:
    """Give the log-odds of two things that must both happen.

    One by the log of its chance p, the other by its log-odds: p·q / (1 − p·q), without rounding
    off what is nearly sure.
    """
    taken = looked + functional.logsigmoid(odds)  # log of p·q
    return taken - torch.log(-torch.expm1(taken.clamp_max(-1e-6)))
