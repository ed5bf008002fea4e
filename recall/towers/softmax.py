"""The softmax of many scores, its slope worked out on the way: autograd would keep every score.

Rows are taken some at a time, so that their scores stay in the processor's cache.
"""

from typing import Any

import torch
from torch import Tensor

SCORES = 2**19  # at once
LEAST = 1e-30


class HeldAgainst(torch.autograd.Function):
    """The weighted sum of -log(e^right / (e^right + sum e^others)) over positives."""

    @staticmethod
    def forward(
        ctx: Any,
        asking: Tensor,
        right: Tensor,
        shared: Tensor,
        own: Tensor,
        off: Tensor,
        barred: tuple[Tensor, Tensor],
        weights: Tensor,
    ) -> Tensor:
        """Give the loss, and keep its slopes.

        asking, right: (positives, dim); shared: (shared, dim); own: (positives, own) scores;
        off: (shared,) taken off; barred: pairs of positive and shared in rising order of positives.
        """
        slopes = [torch.zeros_like(some) for some in (asking, right, shared, own)]
        size = max(1, SCORES // max(len(shared), 1))
        firsts = torch.arange(0, len(asking) + size, size, device=asking.device)
        bounds = torch.searchsorted(barred[0].contiguous(), firsts).tolist()
        loss = asking.new_zeros(())
        for number, first in enumerate(range(0, len(asking), size)):
            part, some = slice(first, first + size), slice(bounds[number], bounds[number + 1])
            scores = torch.addmm(-off, asking[part], shared.T)
            scores[barred[0][some] - first, barred[1][some]] = -torch.inf
            given = (asking[part], right[part], shared, own[part])
            loss += _part(given, scores, weights[part], slopes, part)
        ctx.save_for_backward(*slopes)
        return loss

    @staticmethod
    def backward(ctx: Any, *slope: Tensor) -> tuple[Tensor | None, ...]:
        """Give the slopes that were kept."""
        asking, right, shared, own = (kept * slope[0] for kept in ctx.saved_tensors)
        return asking, right, shared, own, None, None, None


def _part(
    given: tuple[Tensor, Tensor, Tensor, Tensor],
    scores: Tensor,
    weights: Tensor,
    slopes: list[Tensor],
    part: slice,
) -> Tensor:
    """Add the slopes of some rows; give their loss."""
    asking, right, shared, own = given
    hit = (asking * right).sum(1)  # (rows,)
    highest = torch.maximum(hit, scores.amax(1)) if scores.shape[1] else hit
    highest = torch.maximum(highest, own.amax(1)) if own.shape[1] else highest
    powers = scores.sub_(highest[:, None]).exp_()  # (rows, shared)
    alone, mine = (hit - highest).exp(), (own - highest[:, None]).exp()
    total = powers.sum(1) + mine.sum(1) + alone
    scale = weights / total
    missed = (scale * alone - weights)[:, None]
    slopes[0][part] = (powers @ shared) * scale[:, None] + missed * right
    slopes[1][part] = missed * asking
    slopes[2].addmm_(powers.T, asking * scale[:, None])
    slopes[3][part] = mine * scale[:, None]
    return ((total.clamp_min(LEAST).log() + highest - hit) * weights).sum()


def softmax_loss(
    asking: Tensor,
    right: Tensor,
    shared: Tensor,
    own: Tensor,
    off: Tensor,
    barred: tuple[Tensor, Tensor],
    weights: Tensor,
) -> Tensor:
    """Give the loss of positives held against others; see `HeldAgainst`."""
    given = (asking, right, shared, own, off, barred, weights)
    loss: Tensor = HeldAgainst.apply(*given)  # type: ignore[no-untyped-call]
    return loss
