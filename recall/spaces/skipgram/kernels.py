"""The compiled loops of the trainer; every update is one step of plain gradient descent."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats, Numbers
from graph.walks.chance import below, fraction, seeded, stepped
from nlp.compiled import compiled, loosely_compiled
from recall.spaces.skipgram.negatives import Negatives, draw

SIDE, FINE = np.float32(8), np.float32(256)
SIGMOID = (1 / (1 + np.exp(-np.arange(-8, 8 + 1 / 512, 1 / 256)))).astype(np.float32)
STRONGEST = np.float32(8)  # a pair's weight; steps of more than that would throw vectors about


class Rules(NamedTuple):
    """How passages are read."""

    window: int  # 0: the whole passage
    shuffled: bool
    averaged: bool  # CBOW
    negatives: int
    final: float  # steps of this weight and more are context of their whole passage


class Passages(NamedTuple):
    """Steps over nodes, passage by passage; -1 ends one early."""

    starts: NDArray[np.int64]  # (passages + 1,)
    nodes: Numbers  # (steps,)
    weights: Floats  # (steps,), or () where all count the same


class Matrices(NamedTuple):
    """What is learned."""

    inputs: Floats  # (nodes, dim)
    outputs: Floats  # (nodes, dim)


class Room(NamedTuple):
    """Space that every thread has for itself."""

    nodes: Numbers  # (longest,) the passage that is read
    weights: Floats  # (longest,)
    around: Numbers  # (longest,) the context of one step
    forces: Floats  # (longest,)
    drawn: Numbers  # (1 + negatives,)
    change: Floats  # (dim,)
    middle: Floats  # (dim,)


def room_of(longest: int, rules: Rules, dim: int) -> Room:
    """Make space for passages of up to so many steps."""
    ints, floats = np.zeros((2, longest), np.int32), np.zeros((2, longest), np.float32)
    drawn = np.zeros(1 + rules.negatives, np.int32)
    change = np.zeros((2, dim), np.float32)
    return Room(ints[0], floats[0], ints[1], floats[1], drawn, change[0], change[1])


@compiled
def learn(
    passages: Passages,
    matrices: Matrices,
    negatives: Negatives,
    thinning: Floats,
    rules: Rules,
    room: Room,
    rate: float,
    seed: int,
) -> int:
    """Learn from some passages; give the number of pairs."""
    pairs, state = 0, seeded(seed, 0)
    for passage in range(len(passages.starts) - 1):
        start, end = passages.starts[passage], passages.starts[passage + 1]
        state, size = _read(state, passages, start, end, thinning, room)
        if rules.shuffled:
            state = _shuffle(state, room, size)
        for place in range(size):
            state, count = _surround(state, rules, room, place, size)
            if count:
                state, many = draw(state, room.nodes[place], negatives, room.drawn, rules.negatives)
                pairs += count
                _update(matrices, rules.averaged, room, count, many, rate)
            if room.weights[place] >= rules.final:
                count = _gather(room, place, 0, size)
                state, many = draw(state, room.nodes[place], negatives, room.drawn, rules.negatives)
                pairs += count
                _update(matrices, False, room, count, many, rate)
    return pairs


@compiled
def _read(
    state: np.uint64, passages: Passages, start: int, end: int, thinning: Floats, room: Room
) -> tuple[np.uint64, int]:
    """Read a passage, leaving out some of what occurs very often."""
    size = 0
    for at in range(start, end):
        node = passages.nodes[at]
        if node < 0:
            break
        if len(thinning):
            state = stepped(state)
            if fraction(state) >= thinning[node]:
                continue
        room.nodes[size] = node
        room.weights[size] = passages.weights[at] if len(passages.weights) else np.float32(1)
        size += 1
    return state, size


@compiled
def _shuffle(state: np.uint64, room: Room, size: int) -> np.uint64:
    for last in range(size - 1, 0, -1):
        state = stepped(state)
        other = below(state, last + 1)
        room.nodes[last], room.nodes[other] = room.nodes[other], room.nodes[last]
        room.weights[last], room.weights[other] = room.weights[other], room.weights[last]
    return state


@compiled
def _surround(
    state: np.uint64, rules: Rules, room: Room, place: int, size: int
) -> tuple[np.uint64, int]:
    """Gather the context of one step: a window of which a random part is used."""
    if not rules.window:
        return state, _gather(room, place, 0, size)
    state = stepped(state)
    reach = 1 + below(state, rules.window)
    return state, _gather(room, place, max(0, place - reach), min(size, place + reach + 1))


@compiled
def _gather(room: Room, place: int, start: int, end: int) -> int:
    """Take other nodes as context; of two steps that count differently the pair has the more."""
    count = 0
    for at in range(start, end):
        if room.nodes[at] != room.nodes[place]:
            room.around[count] = room.nodes[at]
            room.forces[count] = min(STRONGEST, max(room.weights[at], room.weights[place]))
            count += 1
    return count


@compiled
def _update(
    matrices: Matrices, averaged: bool, room: Room, count: int, many: int, rate: float
) -> None:
    pace = np.float32(rate)
    if averaged:
        _update_mean(matrices.inputs, matrices.outputs, room, count, many, pace)
    else:
        _update_each(matrices.inputs, matrices.outputs, room, count, many, pace)


@loosely_compiled
def _update_each(
    inputs: Floats, outputs: Floats, room: Room, count: int, many: int, rate: np.float32
) -> None:
    """Skip-gram: each node of the context foretells the node, against the same negatives."""
    change, dim = room.change, inputs.shape[1]
    for place in range(count):
        here = room.around[place]
        force = rate * room.forces[place]
        for k in range(dim):
            change[k] = 0
        for candidate in range(many):
            there = room.drawn[candidate]
            product = np.float32(0)
            for k in range(dim):
                product += inputs[here, k] * outputs[there, k]
            error = force * (np.float32(candidate == 0) - _sigmoid(product))
            for k in range(dim):
                change[k] += error * outputs[there, k]
                outputs[there, k] += error * inputs[here, k]
        for k in range(dim):
            inputs[here, k] += change[k]


@loosely_compiled
def _update_mean(
    inputs: Floats, outputs: Floats, room: Room, count: int, many: int, rate: np.float32
) -> None:
    """CBOW: the mean of the context foretells the node."""
    change, middle, dim = room.change, room.middle, inputs.shape[1]
    total = _average(inputs, room, count)
    force = rate * total / np.float32(count)
    for candidate in range(many):
        there = room.drawn[candidate]
        product = np.float32(0)
        for k in range(dim):
            product += middle[k] * outputs[there, k]
        error = force * (np.float32(candidate == 0) - _sigmoid(product))
        for k in range(dim):
            change[k] += error * outputs[there, k]
            outputs[there, k] += error * middle[k]
    for place in range(count):
        share = room.forces[place] / total
        for k in range(dim):
            inputs[room.around[place], k] += share * change[k]


@loosely_compiled
def _average(inputs: Floats, room: Room, count: int) -> np.float32:
    """Put the mean of the context in the middle; give the sum of its weights."""
    room.change[:] = 0
    room.middle[:] = 0
    total = np.float32(0)
    for place in range(count):
        total += room.forces[place]
    for place in range(count):
        share = room.forces[place] / total
        for k in range(len(room.middle)):
            room.middle[k] += share * inputs[room.around[place], k]
    return total


@loosely_compiled
def _sigmoid(product: np.float32) -> np.float32:
    if product >= SIDE:
        return np.float32(1)
    if product <= -SIDE:
        return np.float32(0)
    value: np.float32 = SIGMOID[int((product + SIDE) * FINE)]
    return value
