"""A ranker's network with everything around it."""

from typing import Protocol, runtime_checkable

from torch import Tensor, nn
from torch.nn import functional

from ranking.examples import Layout
from ranking.rankers.spec import NetworkRanker


@runtime_checkable
class Priced(Protocol):
    """A network that has a loss of its own, such as one whose tasks weigh differently."""

    def loss(self, odds: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
        """Give what is to become less. odds, labels: (rows, tasks); weights: (rows,)"""


def whole_of(ranker: NetworkRanker, layout: Layout) -> nn.Module:
    """Give the network of a ranker."""
    return ranker.network(layout)


def loss_of(network: nn.Module, odds: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """Give the network's own loss, or the mean logistic loss of all tasks.

    A network may give several opinions while it learns. # odds: (rows, tasks) or (…, rows, tasks)
    """
    if isinstance(network, Priced):
        return network.loss(odds, labels, weights)
    return functional.binary_cross_entropy_with_logits(
        odds, labels.expand_as(odds), weights[:, None]
    )
