"""Steps down a slope: Adam (Kingma and Ba 2015), but with one size for the numbers of all nodes.

Adam's size of its own for every number moves nodes of few likes as far as those of many, and so
undoes what smoothing is for: the slope that comes back along the edges is gentle where there is
little to learn from.
"""

from collections.abc import Callable
from itertools import count

import torch
from torch import Tensor

Step = Callable[[Tensor, float], None]
KEPT = 0.9  # of the direction, from step to step
KEPT_SIZE = 0.999
TINY = 1e-12


def stepping(own: Tensor) -> Step:
    """Give the function that moves vectors down a slope at a rate."""
    way, size, turns = torch.zeros_like(own), own.new_zeros(()), count(1)

    def step(slope: Tensor, rate: float) -> None:
        turn = next(turns)
        way.lerp_(slope, 1 - KEPT)
        size.lerp_(slope.square().mean(), 1 - KEPT_SIZE)
        even = (size / (1 - KEPT_SIZE**turn)).sqrt() + TINY
        own.add_(way / even, alpha=-rate / (1 - KEPT**turn))

    return step
