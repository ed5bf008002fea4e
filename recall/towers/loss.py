"""What towers learn by: what was done next scores higher than what it is held against.

A softmax over samples, of which each stands for as many items as its chance says (Yi et al. 2019).
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from recall.towers.softmax import softmax_loss


@dataclass(frozen=True)
class Held:
    """Vectors of positives and of what each is held against."""

    right: Tensor  # (positives, dim)
    weights: Tensor  # (positives,)
    shared: Tensor  # (shared, dim)
    shared_off: Tensor  # (shared,)
    barred: tuple[Tensor, Tensor]  # positives and places in `shared` that do not count
    own: Tensor  # (positives, own, dim)
    own_off: Tensor  # (positives, own)


def loss_of(vectors: Tensor, held: Held, temperature: float, apart: float = 0.0) -> Tensor:
    """Give the mean loss. # vectors: (positives, interests, dim)"""
    loss = one_loss(selected(vectors, held.right, temperature), held, temperature)
    if apart and vectors.shape[1] > 1:
        loss = loss + apart * likeness(vectors)
    return loss


def one_loss(vectors: Tensor, held: Held, temperature: float) -> Tensor:
    """Give the loss of one vector for each positive. # (positives, dim)"""
    asking = vectors / temperature
    own = (held.own @ asking[:, :, None])[:, :, 0] - held.own_off
    weights = held.weights / held.weights.sum()
    return softmax_loss(asking, held.right, held.shared, own, held.shared_off, held.barred, weights)


def selected(vectors: Tensor, right: Tensor, temperature: float) -> Tensor:
    """Select the interest that the target belongs to, by a gate. # (positives, dim)"""
    if vectors.shape[1] == 1:
        return vectors[:, 0]
    fit = torch.einsum("pnd,pd->pn", vectors, right)
    return torch.einsum("pn,pnd->pd", (fit / temperature).softmax(1), vectors)


def likeness(vectors: Tensor) -> Tensor:
    """Give the mean inner product of interests that look the same way, lest they collapse."""
    ways = functional.normalize(vectors, dim=-1)
    products = (ways @ ways.transpose(1, 2)).triu(1)  # (positives, interests, interests)
    pairs = vectors.shape[1] * (vectors.shape[1] - 1) / 2
    return products.clamp_min(0).sum((1, 2)).mean() / pairs
