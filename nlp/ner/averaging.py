"""The running average of a network's weights, which is better than any single moment of them."""

import copy

import torch
from torch import Tensor

from nlp.ner.network import Network

EVERY = 4  # steps from one update to the next


class Average:
    """A copy of a network that follows it slowly (Polyak and Juditsky 1992)."""

    def __init__(self, network: Network, keep: float) -> None:
        self.network = copy.deepcopy(network).eval()
        self._mine: list[Tensor] = list(self.network.parameters())
        self._theirs: list[Tensor] = list(network.parameters())
        self._follow = 1 - keep**EVERY

    @torch.no_grad()
    def follow(self) -> None:
        """Move towards the network as far as EVERY steps do."""
        torch._foreach_lerp_(self._mine, self._theirs, self._follow)
