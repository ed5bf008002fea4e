"""The slope of a softmax over sampled items, worked out by hand: autograd is thrice as slow.

Persons count by their direction, items by their direction times the root of their length.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

ROWS = 1024  # likes at once, so that what is worked on stays in the processor's cache
KEPT = 0.5  # power of an item's length that stays
FAR = 60.0  # beyond it, the exponential leaves the floats
TINY = 1e-9


@dataclass(frozen=True)
class Gathered:
    """Places of some nodes, with a power of their length kept."""

    numbers: Tensor
    ways: Tensor  # (some, dim) of length 1
    lengths: Tensor  # (some, 1)
    kept: float

    @property
    def rows(self) -> Tensor:
        """Give the places as the loss sees them. # (some, dim)"""
        return self.ways * self.lengths**self.kept

    def send(self, pulls: Tensor, slope: Tensor) -> None:
        """Add what pulls at the places to the slope; the length gives way by its power alone."""
        along = (pulls * self.ways).sum(1, keepdim=True) * (1 - self.kept)
        turned = (pulls - along * self.ways) * self.lengths ** (self.kept - 1)
        slope.index_add_(0, self.numbers, turned)


def gathered(places: Tensor, numbers: Tensor, kept: float) -> Gathered:
    """Take the places of some nodes."""
    rows = places.index_select(0, numbers)
    lengths = rows.norm(dim=1, keepdim=True).clamp_min(TINY)
    return Gathered(numbers, rows / lengths, lengths, kept)


def slope_of(
    places: Tensor, persons: Tensor, items: Tensor, others: Tensor, temperature: float
) -> Tensor:
    """Tell how the mean loss of likes against the same other items grows with each place."""
    slope = torch.zeros_like(places)
    wrong = gathered(places, others, KEPT)
    pushed = torch.zeros_like(wrong.ways)
    scale = 1 / (len(persons) * temperature)
    for some, liked in zip(torch.split(persons, ROWS), torch.split(items, ROWS), strict=True):
        person, item = gathered(places, some, 0), gathered(places, liked, KEPT)
        missed, chances = shares(person.rows, item.rows, wrong.rows, temperature)
        pushed.addmm_(chances.T, person.rows)
        person.send((chances @ wrong.rows - missed * item.rows) * scale, slope)
        item.send(-missed * person.rows * scale, slope)
    wrong.send(pushed * scale, slope)
    return slope


def shares(persons: Tensor, items: Tensor, others: Tensor, heat: float) -> tuple[Tensor, Tensor]:
    """Give what the liked item lacks to certainty, and what each other has of it instead."""
    right = (persons * items).sum(1, keepdim=True) / heat - 1 / heat  # (likes, 1)
    wrong = (persons @ others.T).mul_(1 / heat).sub_(1 / heat)  # (likes, others)
    chances, own = wrong.clamp_(max=FAR).exp_(), right.clamp(max=FAR).exp()
    total = chances.sum(1, keepdim=True)
    return total / (total + own), chances.div_(total + own)
