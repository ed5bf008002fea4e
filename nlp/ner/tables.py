"""Hash tables of whole numbers that compiled code reads: open addressing, powers of two."""

import numpy as np
from numpy.typing import NDArray

from nlp.compiled import Longs, compiled

EMPTY = -1
Table = tuple[NDArray[np.int64], NDArray[np.int64]]  # keys, values: (room,), (room,)


def new_table(entries: int) -> Table:
    """Room for this many entries, at most half full."""
    room = 1 << max(4, (2 * entries - 1).bit_length())
    return np.full(room, EMPTY, np.int64), np.zeros(room, np.int64)


def table_of(keys: NDArray[np.int64], values: NDArray[np.int64]) -> Table:
    """A table of these entries."""
    table = new_table(len(keys))
    _fill(table[0], table[1], keys, values)
    return table


@compiled
def place_of(keys: Longs, key: int) -> int:
    """Where the key stands or would stand."""
    mask = len(keys) - 1
    mixed = (key * 0x9E3779B97F4A7C1) & 0x7FFFFFFFFFFFFFFF
    place = (mixed ^ (mixed >> 29)) & mask
    while keys[place] != EMPTY and keys[place] != key:
        place = (place + 1) & mask
    return place


@compiled
def value_of(keys: Longs, values: Longs, key: int, otherwise: int) -> int:
    """The value of a key, or what stands in for it."""
    place = place_of(keys, key)
    return values[place] if keys[place] == key else otherwise


@compiled
def _fill(keys: Longs, values: Longs, new_keys: Longs, new_values: Longs) -> None:
    for entry in range(len(new_keys)):
        place = place_of(keys, new_keys[entry])
        keys[place] = new_keys[entry]
        values[place] = new_values[entry]
