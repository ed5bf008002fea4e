"""Examples as tensors, made once, and dealt in hands."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ranking.examples import Examples, Inputs, Longs, Moments
from ranking.networks.batch import Batch, Sided, batch_of

DAY = 86_400


@dataclass(frozen=True)
class Hand:
    """Some examples."""

    batch: Batch
    labels: Tensor  # (rows, tasks)
    weights: Tensor  # (rows,)

    def __len__(self) -> int:
        return len(self.weights)


@dataclass(frozen=True)
class Deck:
    """All examples."""

    whole: Batch
    labels: Tensor
    weights: Tensor

    def hand(self, rows: Tensor) -> Hand:
        """Take some examples."""
        labels, weights = self.labels.index_select(0, rows), self.weights.index_select(0, rows)
        return Hand(part(self.whole, rows), labels, weights)


def deck_of(examples: Examples, device: str) -> Deck:
    """Make tensors of examples."""
    labels, weights = torch.from_numpy(examples.labels), torch.from_numpy(examples.weights)
    return Deck(batch_of(examples.inputs, device), labels.to(device), weights.to(device))


def parts(inputs: Inputs, size: int, device: str) -> Iterator[Batch]:
    """Give all pairs in order, some at a time."""
    whole = batch_of(inputs, device)
    if len(inputs) <= size:
        yield whole
    else:
        for start in range(0, len(inputs), size):
            end = min(start + size, len(inputs))
            yield part(whole, torch.arange(start, end, device=device))


def part(whole: Batch, rows: Tensor) -> Batch:
    """Give some pairs, and of asks and items what they need."""
    asks, ask, own_asks = _needed(whole.asks, whole.ask.index_select(0, rows))
    items, item, own_items = _needed(whole.items, whole.item.index_select(0, rows))
    pairs, bias = _some(whole.pairs, rows), whole.bias.index_select(0, rows)
    return Batch(asks, items, pairs, ask, item, bias, own_asks, own_items)


def _needed(side: Sided, which: Tensor) -> tuple[Sided, Tensor, bool]:
    """Give subjects, where pairs point then, and whether each pair has its own.

    Pasts are read once for each subject. Where there are none, a subject that is read twice costs
    less than finding out.
    """
    if side.pasts and len(side) > 1:
        subjects, places = torch.unique(which, return_inverse=True)
        return _some(side, subjects), places, False
    if len(side) <= len(which):
        return side, which, False
    return _some(side, which), torch.arange(len(which), device=which.device), True


def _some(side: Sided, rows: Tensor) -> Sided:
    numbers = side.numbers.index_select(0, rows) if side.numbers.numel() else side.numbers
    return Sided(
        side.ones.index_select(0, rows),
        tuple(bag.index_select(0, rows) for bag in side.bags),
        numbers,
        tuple(past.index_select(0, rows) for past in side.pasts),
    )


def dealt(examples: Examples, size: int, draws: np.random.Generator) -> Iterator[Longs]:
    """Deal all rows, day after day, in a new order within each day."""
    order = shuffled_within_days(examples.times, draws)
    for start in range(0, len(order), size):
        yield order[start : start + size]


def shuffled_within_days(times: Moments, draws: np.random.Generator) -> Longs:
    """Give an order of rows that goes from day to day, and within a day by chance."""
    days = np.floor(times / DAY)
    return np.lexsort((draws.random(len(times)), days)).astype(np.int64)
