"""The loss of a chain: how unlikely the permitted taggings are among all of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nlp.ner.crf import expected


class ChainLoss(torch.autograd.Function):
    """-log p(permitted taggings), summed over texts with their factors.

    With one permitted tag a character this is the usual loss, with several it sums over what is
    unknown (Tsuboi et al. 2008). Its gradient is a difference of expected counts.
    """

    @staticmethod
    def forward(
        ctx: Any,
        scores: Tensor,  # (characters, tags)
        follows: Tensor,
        starts: Tensor,
        ends: Tensor,
        allowed: NDArray[np.bool_],  # (characters, tags)
        bounds: NDArray[np.int64],  # (texts + 1,)
        factors: NDArray[np.float64],  # (texts,)
    ) -> Tensor:
        """Compute loss and gradients at once."""
        chain = [part.detach().double().numpy() for part in (scores, follows, starts, ends)]
        everything = np.ones_like(allowed)
        free = expected(chain[0], everything, bounds, factors, *chain[1:])
        held = expected(chain[0], allowed, bounds, factors, *chain[1:])
        ctx.gradients = [torch.from_numpy(a - b).float() for a, b in zip(free, held, strict=True)]
        return torch.tensor(float(((free[0] - held[0]) * factors).sum()))

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> Any:
        """Hand out the gradients."""
        return (*(outer[0] * gradient for gradient in ctx.gradients[1:]), None, None, None)


def chain_loss(
    scores: Tensor,
    chain: Sequence[Tensor],
    allowed: NDArray[np.bool_],
    bounds: NDArray[np.int64],
    factors: NDArray[np.float64],
) -> Tensor:
    """Compute the loss of scores and of a chain of follows, starts and ends."""
    loss: Tensor = ChainLoss.apply(  # type: ignore[no-untyped-call]
        scores, *chain, allowed, bounds, factors
    )
    return loss
