"""Positives in the order that they are learned in; small scenes and heavy deeds may come more."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats
from recall.samples.spec import Balance
from recall.spaces.trained import Deeds

Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Positives:
    """What there is to draw, and how often."""

    times: NDArray[np.float64]  # (deeds,) how often each is drawn in an epoch, on the average
    log_chances: Floats  # (items,) log of each item's share of what is drawn, for in-batch logQ

    def epoch(self, draws: np.random.Generator) -> Longs:
        """Give the numbers of deeds for one epoch, shuffled; those drawn once come exactly once."""
        whole = np.floor(self.times)
        extra = draws.random(len(self.times)) < self.times - whole
        numbers = np.repeat(np.arange(len(self.times)), (whole + extra).astype(np.int64))
        draws.shuffle(numbers)
        return numbers

    def batches(self, size: int, draws: np.random.Generator) -> Iterator[Longs]:
        """Give an epoch in batches."""
        numbers = self.epoch(draws)
        for start in range(0, len(numbers), size):
            yield numbers[start : start + size]


def positives_of(
    deeds: Deeds, items: int, balance: Balance, usable: NDArray[np.bool_] | None = None
) -> Positives:
    """Work out how often each deed is drawn; as many are drawn as there are usable ones."""
    used = np.ones(len(deeds.items), bool) if usable is None else usable
    masses = used * deeds.weights.astype(np.float64) ** balance.weights
    masses *= _scenes(deeds, masses, balance.scenes)
    times = masses * (used.sum() / max(masses.sum(), 1e-300))
    counts = np.bincount(deeds.items, times, minlength=items)
    shares = np.maximum(counts, 1e-6) / max(counts.sum(), 1e-6)
    return Positives(times, np.log(shares).astype(np.float32))


def _scenes(deeds: Deeds, masses: NDArray[np.float64], power: float) -> NDArray[np.float64]:
    """Give the factor that makes a scene's mass what it is to a power; no scene is a scene, too."""
    sizes = np.bincount(deeds.scenes + 1, masses)
    factors: NDArray[np.float64] = np.where(sizes > 0, sizes, 1.0) ** (power - 1)
    return factors[deeds.scenes + 1]
