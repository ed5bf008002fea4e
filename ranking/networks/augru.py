"""AUGRU: a GRU that attention opens and shuts (Zhou et al. 2019)."""

import torch
from torch import Tensor, nn


class AUGRU(nn.Module):
    """A GRU whose update is weighed by attention: a step without any changes nothing.

    u = a · σ(W_u x + U_u h), r = σ(W_r x + U_r h), h' = (1 - u) h + u tanh(W_h x + r U_h h)
    """

    def __init__(self, size: int, width: int) -> None:
        super().__init__()
        self.of_step = nn.Linear(size, 3 * width)
        self.of_state = nn.Linear(width, 3 * width)
        self.width = width

    def forward(self, told: Tensor, attention: Tensor) -> Tensor:
        """Give where each row ends.

        told: (rows, length, 3 · width), what `of_step` makes of steps; attention: (rows, length)
        """
        state = told.new_zeros(len(told), self.width)
        for step, weight in zip(told.unbind(1), attention.unbind(1), strict=True):
            state = self.step(step, state, weight[:, None])
        return state

    def step(self, told: Tensor, state: Tensor, weight: Tensor) -> Tensor:
        """Go on by a step. # (rows, 3 · width), (rows, width), (rows, 1) → (rows, width)"""
        known = self.of_state(state)
        gates = (told[:, : 2 * self.width] + known[:, : 2 * self.width]).sigmoid()
        update, reset = gates.chunk(2, 1)
        new = (told[:, 2 * self.width :] + reset * known[:, 2 * self.width :]).tanh()
        return torch.lerp(state, new, weight * update)
