"""Training over a corpus that comes in parts, so that all of it is never in memory."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats, Numbers
from recall.spaces.skipgram.kernels import Matrices, Passages, Rules, learn, room_of
from recall.spaces.skipgram.negatives import Negatives, negatives_of

ALWAYS = float("inf")


class Corpus(Protocol):
    """Passages over nodes."""

    @property
    def parts(self) -> int:
        """In how many parts an epoch comes."""

    def part(self, epoch: int, number: int) -> Passages:
        """Give one part."""

    def counts(self) -> NDArray[np.int64]:
        """Give about how often each node occurs. # (nodes,)"""


@dataclass(frozen=True)
class Settings:
    """How to learn."""

    dim: int = 64
    epochs: int = 5
    window: int = 5
    negatives: int = 5
    rate: float = 0.025
    lowest: float = 0.0001
    power: float = 0.75
    thinning: float = 0.0
    shuffled: bool = False
    averaged: bool = False
    final: float = ALWAYS
    shares: dict[str, float] = field(default_factory=dict)
    seed: int = 0
    threads: int = 1


@dataclass(frozen=True)
class Learned:
    """Vectors by node, and by how many pairs they were learned."""

    inputs: Floats  # (nodes, dim)
    outputs: Floats  # (nodes, dim)
    pairs: int


def train(
    corpus: Corpus,
    settings: Settings,
    groups: Mapping[str, Numbers],
    progress: Callable[[float], None] = lambda share: None,
) -> Learned:
    """Learn from all parts, epoch by epoch; the rate falls to its lowest in a straight line."""
    counts = corpus.counts()
    matrices = _begun(len(counts), settings)
    negatives = negatives_of(counts, settings.power, groups, settings.shares)
    thinning = _thinning(counts, settings.thinning)
    total = settings.epochs * corpus.parts

    def work(number: int) -> int:
        progress(number / total)
        rate = max(settings.lowest, settings.rate * (1 - number / total))
        return _learn_part(corpus, number, matrices, negatives, thinning, settings, rate)

    if settings.threads == 1:
        pairs = sum(map(work, range(total)))
    else:
        with ThreadPoolExecutor(settings.threads) as pool:
            pairs = sum(pool.map(work, range(total)))
    matrices.inputs[counts == 0] = 0
    return Learned(matrices.inputs, matrices.outputs, pairs)


def _begun(size: int, settings: Settings) -> Matrices:
    chance = np.random.default_rng(settings.seed)
    inputs = chance.random((size, settings.dim), np.float32)
    inputs -= np.float32(0.5)
    inputs /= np.float32(settings.dim)
    return Matrices(inputs, np.zeros((size, settings.dim), np.float32))


def _thinning(counts: NDArray[np.int64], threshold: float) -> Floats:
    """How likely a step of each node is read (Mikolov et al. 2013, as their program has it)."""
    if not threshold:
        return np.zeros(0, np.float32)
    ratio = threshold * counts.sum() / np.maximum(counts, 1)
    chances: Floats = (np.sqrt(ratio) + ratio).astype(np.float32)
    return chances


def _learn_part(
    corpus: Corpus,
    number: int,
    matrices: Matrices,
    negatives: Negatives,
    thinning: Floats,
    settings: Settings,
    rate: float,
) -> int:
    passages = corpus.part(*divmod(number, corpus.parts))
    rules = Rules(
        settings.window, settings.shuffled, settings.averaged, settings.negatives, settings.final
    )
    longest = int(np.diff(passages.starts).max(initial=0))
    room = room_of(longest, rules, settings.dim)
    seed = settings.seed * 1_000_003 + number + 1
    return learn(passages, matrices, negatives, thinning, rules, room, rate, seed)
