"""Alias tables (Walker 1977, Vose 1991): a weighted draw among a row's entries in one look."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats, Numbers
from graph.walks.chance import below, fraction
from nlp.compiled import compiled


class Tables(NamedTuple):
    """For each entry of each row: how likely it is kept, and which is taken in its stead."""

    keep: Floats  # (entries,)
    other: Numbers  # (entries,) place within the row


def tables_of(starts: NDArray[np.int64], weights: Floats) -> Tables:
    """Make the tables of all rows."""
    tables = Tables(np.ones(len(weights), np.float32), np.zeros(len(weights), np.int32))
    longest = int(np.diff(starts).max(initial=0))
    _fill(starts, weights, tables, np.zeros(longest), np.zeros(longest, np.int32))
    return tables


@compiled
def drawn(state: np.uint64, start: int, end: int, tables: Tables) -> int:
    """Draw an entry between `start` and `end`, which is one row."""
    at = start + below(state, end - start)
    if fraction(state) < tables.keep[at]:
        return at
    return start + int(tables.other[at])


@compiled
def _fill(
    starts: NDArray[np.int64],
    weights: Floats,
    tables: Tables,
    mass: NDArray[np.float64],
    waiting: Numbers,
) -> None:
    for row in range(len(starts) - 1):
        start, size = starts[row], starts[row + 1] - starts[row]
        total = 0.0
        for at in range(size):
            total += weights[start + at]
        if total > 0:
            _fill_row(weights[start : start + size], total, start, tables, mass, waiting)


@compiled
def _fill_row(
    weights: Floats,
    total: float,
    start: int,
    tables: Tables,
    mass: NDArray[np.float64],
    waiting: Numbers,
) -> None:
    """Let every light entry be filled up by a heavy one; both wait at an end of one list."""
    size = len(weights)
    light, heavy = 0, size
    for at in range(size):
        mass[at] = weights[at] * size / total
        if mass[at] < 1:
            waiting[light] = at
            light += 1
        else:
            heavy -= 1
            waiting[heavy] = at
    while light > 0 and heavy < size:
        light -= 1
        small, big = waiting[light], waiting[heavy]
        tables.keep[start + small] = mass[small]
        tables.other[start + small] = big
        mass[big] -= 1 - mass[small]
        if mass[big] < 1:
            heavy += 1
            waiting[light] = big
            light += 1
