"""What a student is to do: foretell what came, and what a teacher says (Hinton et al. 2015)."""

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

if TYPE_CHECKING:
    from ranking.rankers.towers import Distil


def taught(odds: Tensor, labels: Tensor, weights: Tensor, distil: "Distil | None") -> Tensor:
    """Give the loss; labels have a second half where there is a teacher: its softened chances.

    odds: (rows, tasks · heads); labels: (rows, tasks) or (rows, 2 · tasks); weights: (rows,)
    """
    if distil is None:
        return known(odds, labels, weights)
    hard, soft = labels.chunk(2, 1)
    mine, its = odds.chunk(2, 1) if distil.heads == 2 else (odds, odds)
    softened = distil.temperature**2 * known(its / distil.temperature, soft, weights)
    return distil.share * known(mine, hard, weights) + (1 - distil.share) * softened


def known(odds: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """Give the mean logistic loss over all labels, nought where one is unknown (not a number)."""
    missing = labels.isnan()
    heavy = weights[:, None].masked_fill(missing, 0.0)
    return functional.binary_cross_entropy_with_logits(odds, labels.masked_fill(missing, 0), heavy)


def softened(chances: Tensor, temperature: float) -> Tensor:
    """Give chances nearer to half."""
    return torch.sigmoid(torch.logit(chances, 1e-6) / temperature)
