"""A running mean of weights over the steps (Polyak and Juditsky 1992)."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from ranking.training.packing import Arrays


class Average:
    """The mean of what the weights were, the latest counting most."""

    def __init__(self, network: nn.Module, keep: float) -> None:
        self.network, self.keep, self.steps = network, keep, 0
        self.weights = [weight.detach().clone() for weight in network.parameters()]

    @torch.no_grad()
    def step(self) -> None:
        """Take in the weights as they are now; the first steps count more."""
        self.steps += 1
        keep = min(self.keep, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(self.weights, list(self.network.parameters()), 1 - keep)

    @contextmanager
    def worn(self) -> Iterator[None]:
        """Let the network have the mean for the length of the block."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def _swap(self) -> None:
        for place, weight in enumerate(self.network.parameters()):
            self.weights[place], weight.data = weight.data, self.weights[place]

    def arrays(self) -> Arrays:
        """Give what has to be kept."""
        return {f"{place}": weight.cpu().numpy() for place, weight in enumerate(self.weights)}

    def remember(self, arrays: Arrays, steps: int) -> None:
        """Go back to what was kept."""
        self.steps = steps
        for place, weight in enumerate(self.weights):
            weight.copy_(torch.from_numpy(arrays[f"{place}"]))
