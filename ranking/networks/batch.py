"""Inputs as tensors."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ranking.examples import Columns, Inputs
from ranking.networks.lookup import pick


@dataclass(frozen=True)
class Sided:
    """Columns of a side."""

    ones: Tensor  # (subjects, ones)
    bags: tuple[Tensor, ...]  # (subjects, width) each
    numbers: Tensor  # (subjects, numbers)
    pasts: tuple[Tensor, ...]  # (subjects, length, fields) each

    def __len__(self) -> int:
        return len(self.ones)


@dataclass(frozen=True)
class Batch:
    """Pairs, and the subjects that they point to."""

    asks: Sided
    items: Sided
    pairs: Sided
    ask: Tensor  # (rows,)
    item: Tensor  # (rows,)
    bias: Tensor  # (rows, bias fields)
    own_asks: bool = False  # each pair has an ask of its own, in order
    own_items: bool = False

    def by_ask(self, found: Tensor) -> Tensor:
        """Give each pair what was found for its ask. # (asks, …) → (rows, …)"""
        return found if self.own_asks else pick(found, self.ask)

    def by_item(self, found: Tensor) -> Tensor:
        """Give each pair what was found for its item. # (items, …) → (rows, …)"""
        return found if self.own_items else pick(found, self.item)


def batch_of(inputs: Inputs, device: str) -> Batch:
    """Give inputs as tensors."""
    return Batch(
        sided(inputs.asks, device),
        sided(inputs.items, device),
        sided(inputs.pairs, device),
        _tensor(inputs.ask, device),
        _tensor(inputs.item, device),
        _tensor(inputs.bias, device),
    )


def sided(columns: Columns, device: str) -> Sided:
    """Give columns as tensors."""
    return Sided(
        _tensor(columns.ones, device),
        tuple(_tensor(bag, device) for bag in columns.bags),
        _tensor(columns.numbers, device),
        tuple(_tensor(past, device) for past in columns.pasts),
    )


def _tensor(array: NDArray[np.generic], device: str) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array)).to(device)
