"""The slope of a softmax over items, worked out by hand: autograd is thrice as slow.

All likes of a person are learned together: what the other items weigh is the same for each of
them, so that thousands of others cost no more than a few dozen would like by like.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

ROWS = 64  # persons at once, so that what is worked on stays in the processor's cache
TINY = 1e-9


@dataclass(frozen=True)
class Some:
    """Some persons, all that they like, and the items that it is held against."""

    persons: Tensor  # (persons,) numbers of nodes
    counts: Tensor  # (persons,) how many likes each has
    rows: Tensor  # (likes,) places in `persons`
    items: Tensor  # (likes,) numbers of nodes
    others: Tensor  # (others,) numbers of nodes


@dataclass(frozen=True)
class Gathered:
    """Directions of some nodes."""

    numbers: Tensor
    ways: Tensor  # (some, dim) of length 1
    lengths: Tensor  # (some, 1)

    def send(self, pulls: Tensor, slope: Tensor) -> None:
        """Add what pulls at the directions to the slope; along itself, a direction stays."""
        along = (pulls * self.ways).sum(1, keepdim=True)
        slope.index_add_(0, self.numbers, (pulls - along * self.ways) / self.lengths)


def gathered(places: Tensor, numbers: Tensor) -> Gathered:
    """Take the directions of some nodes."""
    rows = places.index_select(0, numbers)
    lengths = rows.norm(dim=1, keepdim=True).clamp_min(TINY)
    return Gathered(numbers, rows / lengths, lengths)


def slope_of(places: Tensor, some: Some, temperature: float) -> Tensor:
    """Tell how the mean loss of likes against the other items grows with each place."""
    slope = torch.zeros_like(places)
    person, other = gathered(places, some.persons), gathered(places, some.others)
    item = gathered(places, some.items)
    pulled, pushed = pushes(person.ways, other.ways, some.counts, temperature)
    pulled.index_add_(0, some.rows, item.ways, alpha=-1)
    scale = 1 / (len(some.items) * temperature)
    person.send(pulled * scale, slope)
    other.send(pushed * scale, slope)
    item.send(person.ways.index_select(0, some.rows) * -scale, slope)
    return slope


def pushes(persons: Tensor, others: Tensor, counts: Tensor, heat: float) -> tuple[Tensor, Tensor]:
    """Give the means of the others by their chances, times a person's likes; and so for others."""
    pulled, pushed = torch.empty_like(persons), torch.zeros_like(others)
    chances = persons.new_empty(min(ROWS, len(persons)), len(others))
    for first in range(0, len(persons), ROWS):
        rows = slice(first, first + ROWS)
        some = persons[rows]
        part = chances[: len(some)]
        torch.mm(some, others.T, out=part)
        part.sub_(1).mul_(1 / heat).exp_()  # cosines are at most 1
        weights = counts[rows, None] / part.sum(1, keepdim=True).clamp_min(TINY**4)
        torch.mm(part, others, out=pulled[rows])
        pulled[rows] *= weights
        pushed.addmm_(part.T, some * weights)
    return pulled, pushed
