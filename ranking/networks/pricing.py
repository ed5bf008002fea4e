"""The loss of several tasks, each by its price."""

from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional


def priced(odds: Tensor, labels: Tensor, weights: Tensor, prices: Sequence[float]) -> Tensor:
    """Give the mean logistic loss. # odds, labels: (rows, tasks); weights: (rows,)"""
    costs = functional.binary_cross_entropy_with_logits(
        odds, labels, weights[:, None], reduction="none"
    ).mean(0)
    return (costs * costs.new_tensor(prices)).sum() / sum(prices)
