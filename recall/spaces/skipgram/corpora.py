"""What a trainer reads: sessions as they are, or walks made when they are asked for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from math import gcd

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats, Numbers
from recall.spaces.skipgram.kernels import Passages
from recall.spaces.trained import Sessions

STEPS = 100_000  # in a part
NO_WEIGHTS: Floats = np.zeros(0, np.float32)


@dataclass(frozen=True)
class Told:
    """Sessions of items."""

    sessions: Sessions
    size: int

    @property
    def parts(self) -> int:
        """In how many parts an epoch comes."""
        return 1 + len(self.sessions.items) // STEPS

    def part(self, epoch: int, number: int) -> Passages:
        """Give sessions whose first steps lie within the part."""
        all_starts = self.sessions.starts
        first, last = np.searchsorted(all_starts[:-1], [number * STEPS, (number + 1) * STEPS])
        starts = all_starts[first : last + 1]
        if not len(starts):
            return Passages(np.zeros(1, np.int64), self.sessions.items[:0], NO_WEIGHTS)
        steps = slice(starts[0], starts[-1])
        return Passages(starts - starts[0], self.sessions.items[steps], self._weights[steps])

    def counts(self) -> NDArray[np.int64]:
        """Count the steps at each item."""
        return np.bincount(self.sessions.items, minlength=self.size)

    @cached_property
    def mean(self) -> float:
        """The mean weight of a step."""
        weights = self.sessions.weights
        return float(weights.mean()) if len(weights) else 1.0

    @cached_property
    def _weights(self) -> Floats:
        """Weights whose mean is one."""
        return (self.sessions.weights / self.mean).astype(np.float32)


@dataclass(frozen=True)
class Walked:
    """So many walks from each of some nodes, made anew for each part."""

    walk: Callable[[Numbers, int, int], Numbers]
    begins: Numbers
    size: int  # nodes in all
    length: int
    times: int
    seed: int

    @property
    def parts(self) -> int:
        """In how many parts an epoch comes."""
        return -(-len(self.begins) * self.times // self._at_once)

    @property
    def _at_once(self) -> int:
        return max(1, STEPS // self.length)

    def part(self, epoch: int, number: int) -> Passages:
        """Walk from every node once, in an order without pattern, and then once more."""
        first = number * self._at_once
        walks = np.arange(first, min(first + self._at_once, self.times * len(self.begins)))
        begins = self.begins[(walks * self._stride + epoch) % len(self.begins)]
        nodes = self.walk(begins, self.seed + epoch, first)
        starts = np.arange(len(nodes) + 1, dtype=np.int64) * self.length
        return Passages(starts, nodes.reshape(-1), NO_WEIGHTS)

    def counts(self) -> NDArray[np.int64]:
        """Count the steps of one walk from each node."""
        once, counts = replace(self, times=1), np.zeros(self.size, np.int64)
        for number in range(once.parts):
            nodes = once.part(0, number).nodes
            counts += np.bincount(nodes[nodes >= 0], minlength=self.size)
        return counts

    @cached_property
    def _stride(self) -> int:
        """A step that comes by all nodes before it comes back."""
        size = len(self.begins)
        return next(s for s in range(int(size * 0.618) + 1, 2 * size + 2) if gcd(s, size) == 1)


@dataclass(frozen=True)
class Several:
    """Corpora over the same nodes, read one after the other in small turns."""

    corpora: tuple[Walked, ...]

    @property
    def parts(self) -> int:
        """In how many parts an epoch comes."""
        return len(self._turns)

    def part(self, epoch: int, number: int) -> Passages:
        """Give one part."""
        corpus, part = self._turns[number]
        return self.corpora[corpus].part(epoch, part)

    def counts(self) -> NDArray[np.int64]:
        """Add up."""
        return np.asarray(sum(corpus.counts() for corpus in self.corpora), np.int64)

    @cached_property
    def _turns(self) -> list[tuple[int, int]]:
        """Spread each corpus evenly over the epoch."""
        turns = [
            ((part + 0.5) / corpus.parts, place, part)
            for place, corpus in enumerate(self.corpora)
            for part in range(corpus.parts)
        ]
        return [(place, part) for _, place, part in sorted(turns)]
