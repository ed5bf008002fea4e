"""Chance by name: the same words give the same numbers on any machine."""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def chance(seed: int, *name: str | int) -> np.random.Generator:
    """A generator that depends on the seed and the name only."""
    text = "/".join(str(part) for part in (seed, *name))
    digest = blake2b(text.encode(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def pick(rng: np.random.Generator, weights: Floats, size: int) -> Ints:
    """Indices drawn by weight."""
    steps = np.cumsum(weights, dtype=np.float64)
    found = np.searchsorted(steps, rng.random(size) * steps[-1], side="right")
    chosen: Ints = np.minimum(found, len(weights) - 1)
    return chosen


def pick_rows(rng: np.random.Generator, weights: Floats, rows: Ints) -> Ints:
    """For each row number a column, drawn by that row's weights."""
    steps = np.cumsum(weights, axis=1)
    steps = steps / steps[:, -1:] + np.arange(len(weights))[:, None]
    found = np.searchsorted(steps.ravel(), rows + rng.random(len(rows)), side="right")
    column: Ints = found - rows * weights.shape[1]
    return np.clip(column, 0, weights.shape[1] - 1)


def zipf(count: int, power: float) -> Floats:
    """Weights that fall with the rank."""
    return np.arange(1, count + 1, dtype=np.float64) ** -power


def sigmoid(values: Floats) -> Floats:
    """Log-odds to probability."""
    return 1.0 / (1.0 + np.exp(-values))


def starts_of(counts: Ints) -> Ints:
    """Where each run begins when runs of these lengths are laid end to end."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)[:-1]])


def within_runs(counts: Ints) -> Ints:
    """0, 1, 2, … inside each run."""
    return np.arange(int(counts.sum())) - np.repeat(starts_of(counts), counts)
