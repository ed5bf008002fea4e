"""Walks over a net: plain, weighted, and those of node2vec."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats, Numbers
from graph.walks.alias import Tables, drawn, tables_of
from graph.walks.chance import below, fraction, seeded, stepped
from graph.walks.nets import Net
from nlp.compiled import compiled

NOWHERE = -1  # what stands in a walk after it has come to an end


@dataclass(frozen=True)
class Walker:
    """Walks of one length from given nodes; walk number n is the same whoever else walks."""

    net: Net
    tables: Tables
    strengths: Floats  # (nodes,) a node's ties added up
    length: int
    back: float = 1.0  # node2vec's p: the greater, the seldomer a walk goes straight back
    away: float = 1.0  # node2vec's q: the greater, the nearer a walk stays

    def __call__(self, begins: Numbers, seed: int, first: int = 0) -> Numbers:
        """Walk from each of these nodes; they are walks number `first` and so on."""
        net, walks = self.net, np.full((len(begins), self.length), NOWHERE, np.int32)
        walks[:, 0] = begins
        if self.back == self.away == 1:
            _walk(walks, net.starts, net.targets, self.tables, seed, first)
        else:
            biases = np.array([1 / self.back, 1, 1 / self.away], np.float32)
            ties = (net.starts, net.targets, net.weights, self.strengths)
            _walk_biased(walks, *ties, self.tables, biases, seed, first)
        return walks


def walker_of(net: Net, length: int, back: float = 1.0, away: float = 1.0) -> Walker:
    """Make ready to walk; a net whose ties all weigh the same needs no tables."""
    none = Tables(np.zeros(0, np.float32), np.zeros(0, np.int32))
    tables = none if net.even else tables_of(net.starts, net.weights)
    totals = np.concatenate([[0.0], np.cumsum(net.weights, dtype=np.float64)])
    strengths = np.diff(totals[net.starts]).astype(np.float32)
    return Walker(net, tables, strengths, length, back, away)


@compiled
def step(state: np.uint64, start: int, end: int, tables: Tables) -> int:
    """Draw one of a row's ties; without tables all are alike."""
    if len(tables.keep):
        return drawn(state, start, end, tables)
    return start + below(state, end - start)


@compiled
def _walk(
    walks: Numbers,
    starts: NDArray[np.int64],
    targets: Numbers,
    tables: Tables,
    seed: int,
    first: int,
) -> None:
    for walk in range(len(walks)):
        state, here = seeded(seed, first + walk), walks[walk, 0]
        for place in range(1, walks.shape[1]):
            start, end = starts[here], starts[here + 1]
            if start == end:
                break
            state = stepped(state)
            here = targets[step(state, start, end, tables)]
            walks[walk, place] = here


@compiled
def _walk_biased(
    walks: Numbers,
    starts: NDArray[np.int64],
    targets: Numbers,
    weights: Floats,
    strengths: Floats,
    tables: Tables,
    biases: Floats,
    seed: int,
    first: int,
) -> None:
    for walk in range(len(walks)):
        state, here, tie = stepped(seeded(seed, first + walk)), walks[walk, 0], -1
        for place in range(1, walks.shape[1]):
            if starts[here] == starts[here + 1]:
                break
            if place == 1:
                tie = step(state, starts[here], starts[here + 1], tables)
                state = stepped(state)
            else:
                before = walks[walk, place - 2]
                extra = weights[tie] * max(np.float32(0), biases[0] - max(biases[1], biases[2]))
                state, tie = _biased_step(
                    state, before, here, extra, starts, targets, strengths, tables, biases
                )
            here = targets[tie]
            walks[walk, place] = here


@compiled
def _biased_step(
    state: np.uint64,
    before: int,
    here: int,
    extra: float,
    starts: NDArray[np.int64],
    targets: Numbers,
    strengths: Floats,
    tables: Tables,
    biases: Floats,
) -> tuple[np.uint64, int]:
    """Draw and reject (Yang et al. 2019): the way back, where favoured, has a part of its own."""
    start, end = starts[here], starts[here + 1]
    highest = max(biases[1], biases[2])
    own = extra / (extra + highest * strengths[here])
    while True:
        state = stepped(state)
        if extra > 0 and fraction(state) < own:
            return stepped(state), found(targets, start, end, before)
        state = stepped(state)
        tie = step(state, start, end, tables)
        state = stepped(state)
        bar = fraction(state) * highest
        if bar < min(biases[0], biases[1], biases[2]):
            return stepped(state), tie
        if bar < _bias(before, targets[tie], starts, targets, biases):
            return stepped(state), tie


@compiled
def _bias(
    before: int, there: int, starts: NDArray[np.int64], targets: Numbers, biases: Floats
) -> float:
    """1/p straight back, 1 to a neighbour of where it was before, 1/q elsewhere."""
    if there == before:
        return float(biases[0])
    if biases[1] == biases[2]:
        return float(biases[1])
    if starts[before + 1] - starts[before] > starts[there + 1] - starts[there]:
        before, there = there, before
    tied = found(targets, starts[before], starts[before + 1], there) >= 0
    return float(biases[1] if tied else biases[2])


@compiled
def found(targets: Numbers, start: int, end: int, wanted: int) -> int:
    """Find a neighbour in a rising row; -1 where there is none."""
    last = end
    while start < end:
        middle = (start + end) >> 1
        if targets[middle] < wanted:
            start = middle + 1
        else:
            end = middle
    return start if start < last and targets[start] == wanted else -1
