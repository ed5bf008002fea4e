"""The compiled inner loops of drawing negatives."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph.walks.chance import SPREAD, seeded, stepped
from nlp.compiled import Bytes, Doubles, Flags, Floats, Ints, Longs, compiled

EXPOSED, FIRST_HARD = 1, 2
LOW_BITS = np.uint64(11)
PART = 2.0**-53


class Sources(NamedTuple):
    """What is drawn from; masses are summed up from nought, so that a search finds what is hit."""

    bars: Doubles  # (sources,) rising to 1: exposed, and each kind of hard ones
    masses: Doubles  # (items + 1,)
    passed_starts: Longs  # (persons + 1,)
    passed: Ints  # (passed,) items, rising for each person
    passed_masses: Doubles  # (passed + 1,)
    order: Ints  # (hard, items)
    hard_masses: Doubles  # (hard, items + 1) in that order
    bounds: Ints  # (hard, items, 4) places of those alike, and of those among them to pass over


class Liked(NamedTuple):
    """What each person likes."""

    starts: Longs  # (persons + 1,)
    items: Ints  # (likes,) rising for each person


def with_nought(sums: Doubles) -> Doubles:
    """Put a nought before sums."""
    return np.concatenate([[0.0], sums])


@compiled
def draw_own(
    seed: int, persons: Ints, items: Ints, sources: Sources, own: Ints, names: Bytes
) -> None:
    """Fill each row with negatives of its own; a source that has none lets all items be drawn."""
    for row in range(len(items)):
        state = seeded(seed, row)
        for slot in range(own.shape[1]):
            state = stepped(state)
            source = 1 + int(np.searchsorted(sources.bars, _luck(state), side="right"))
            state = stepped(state)
            at = _draw(sources, source, persons[row], items[row], _luck(state))
            if at < 0:
                source = 0
                at = _hit(sources.masses, 0, len(sources.masses) - 1, _luck(state))
            own[row, slot] = at
            names[row, slot] = source


@compiled
def chances_of(persons: Ints, items: Ints, drawn: Ints, sources: Sources, shared: float) -> Floats:
    """Give the log of the chance to be drawn by the whole mixture. # (batch, drawn)"""
    logs = np.empty((len(items), drawn.shape[1]), np.float32)
    factors = np.empty(len(sources.bars) + 1)
    for row in range(len(items)):
        _weigh(sources, persons[row], items[row], shared, factors)
        for slot in range(drawn.shape[1]):
            other = drawn[min(row, len(drawn) - 1), slot]
            chance = factors[0] * (sources.masses[other + 1] - sources.masses[other])
            for source in range(1, len(factors)):
                if factors[source] > 0:
                    mass = _mass_in(sources, source, persons[row], items[row], other)
                    chance += factors[source] * mass
            logs[row, slot] = np.log(chance)
    return logs


@compiled
def mark_liked(liked: Liked, persons: Ints, items: Ints, drawn: Ints) -> Flags:
    """Mark what is the positive, or is liked by its person. # (batch, drawn)"""
    marks = np.zeros((len(items), drawn.shape[1]), np.bool_)
    if len(drawn) == 1:
        _mark_shared(liked, persons, items, drawn[0], marks)
        return marks
    for row in range(len(items)):
        start, end = liked.starts[persons[row]], liked.starts[persons[row] + 1]
        for slot in range(drawn.shape[1]):
            other = drawn[min(row, len(drawn) - 1), slot]
            found = other == items[row] or _place(liked.items, start, end, other) >= 0
            marks[row, slot] = found
    return marks


@compiled
def _mark_shared(liked: Liked, persons: Ints, items: Ints, drawn: Ints, marks: Flags) -> None:
    """Look what is liked up among what was drawn: there is far less of it."""
    order = np.argsort(drawn)
    rising = drawn[order]
    for row in range(len(items)):
        _mark(rising, order, items[row], marks[row])
        for at in range(liked.starts[persons[row]], liked.starts[persons[row] + 1]):
            _mark(rising, order, liked.items[at], marks[row])


@compiled
def _mark(rising: Ints, order: Longs, item: int, marks: Flags) -> None:
    place = np.searchsorted(rising, item)
    while place < len(rising) and rising[place] == item:
        marks[order[place]] = True
        place += 1


@compiled
def _draw(sources: Sources, source: int, person: int, item: int, luck: float) -> int:
    """Draw from one source; -1 where it has nothing."""
    if source == EXPOSED:
        start, end = sources.passed_starts[person], sources.passed_starts[person + 1]
        if start == end:
            return -1
        return int(sources.passed[_hit(sources.passed_masses, start, end, luck)])
    kind = source - FIRST_HARD
    masses, bounds = sources.hard_masses[kind], sources.bounds[kind, item]
    before = masses[bounds[2]] - masses[bounds[0]]
    after = masses[bounds[1]] - masses[bounds[3]]
    if before + after <= 0:
        return -1
    aim = luck * (before + after)
    if aim < before:
        return int(sources.order[kind, _hit(masses, bounds[0], bounds[2], aim / before)])
    rest = (aim - before) / after if after > 0 else 0.0
    low, high = (bounds[3], bounds[1]) if after > 0 else (bounds[0], bounds[2])
    return int(sources.order[kind, _hit(masses, low, high, rest)])


@compiled
def _weigh(sources: Sources, person: int, item: int, shared: float, factors: Doubles) -> None:
    """Give what a unit of mass is worth in each source; of one that has none, at random."""
    at_random, below = shared, 0.0
    for place in range(len(sources.bars)):
        share = (sources.bars[place] - below) * (1 - shared)
        below = sources.bars[place]
        whole = _whole(sources, place + 1, person, item)
        factors[place + 1] = share / whole if whole > 0 else 0.0
        at_random += share if whole <= 0 else 0.0
    factors[0] = at_random / sources.masses[-1]


@compiled
def _whole(sources: Sources, source: int, person: int, item: int) -> float:
    """Give the mass that a source has for a positive."""
    if source == EXPOSED:
        start, end = sources.passed_starts[person], sources.passed_starts[person + 1]
        return float(sources.passed_masses[end] - sources.passed_masses[start])
    masses = sources.hard_masses[source - FIRST_HARD]
    bounds = sources.bounds[source - FIRST_HARD, item]
    before = masses[bounds[2]] - masses[bounds[0]]
    return float(before + masses[bounds[1]] - masses[bounds[3]])


@compiled
def _mass_in(sources: Sources, source: int, person: int, item: int, other: int) -> float:
    """Give the mass that an item has in a source for a positive."""
    if source == EXPOSED:
        start, end = sources.passed_starts[person], sources.passed_starts[person + 1]
        at, masses = _place(sources.passed, start, end, other), sources.passed_masses
        return float(masses[at + 1] - masses[at]) if at >= 0 else 0.0
    ours = sources.bounds[source - FIRST_HARD, item]
    theirs = sources.bounds[source - FIRST_HARD, other]
    alike = theirs[0] == ours[0] and theirs[1] == ours[1] and theirs[1] > theirs[0]
    if not alike or theirs[2] == ours[2]:
        return 0.0
    return float(sources.masses[other + 1] - sources.masses[other])


@compiled
def _hit(masses: Doubles, start: int, end: int, luck: float) -> int:
    """Find the entry that a share of the mass between two places falls on."""
    aim = masses[start] + luck * (masses[end] - masses[start])
    low, high = start, end
    while low < high:
        middle = (low + high) // 2
        if masses[middle + 1] > aim:
            high = middle
        else:
            low = middle + 1
    while low >= end or (low > start and masses[low + 1] <= masses[low]):
        low -= 1
    return low


@compiled
def _place(rising: NDArray[np.int32], start: int, end: int, wanted: int) -> int:
    """Find a number among rising ones; -1 where it is not."""
    low, high = start, end
    while low < high:
        middle = (low + high) // 2
        if rising[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low if low < end and rising[low] == wanted else -1


@compiled
def _luck(state: np.uint64) -> float:
    return float(((state * SPREAD) >> LOW_BITS) * PART)
