"""Where words of the gazetteers stand in a text, as features of its characters."""

import numpy as np
from numba import njit

from nlp.ner.tries import step

PLACES = 16  # any mixture of begins, is inside, ends, stands alone
LENGTHS = 16  # nothing, alone, or begin, inside, end of a longest match of 2, 3, 4, 5 or more


@njit(cache=True)
def mark_matches(  # type: ignore[no-untyped-def]
    folded, low, high, keys, values, payloads, kinds, every, longest
):
    """Mark all matches in `every` and the longest from the left in `longest`, a column a kind."""
    free = np.full(kinds, low)
    ends = np.zeros(kinds, np.int64)
    for start in range(low, high):
        ends[:] = start
        node = 0
        for place in range(start, high):
            node = step(keys, values, node, folded[place])
            if node < 0:
                break
            for kind in range(kinds):
                if payloads[node] >> kind & 1:
                    ends[kind] = place + 1
                    _mark_places(every, kind, start, place + 1)
        for kind in range(kinds):
            if ends[kind] > start and start >= free[kind]:
                free[kind] = ends[kind]
                _mark_lengths(longest, kind, start, ends[kind])


@njit(cache=True, inline="always")
def _mark_places(every, kind, start, end):  # type: ignore[no-untyped-def]
    """Any match of a word that contains a character counts (Ma et al. 2020, SoftLexicon)."""
    if end - start == 1:
        every[start, kind] |= 8
        return
    every[start, kind] |= 1
    every[end - 1, kind] |= 4
    for place in range(start + 1, end - 1):
        every[place, kind] |= 2


@njit(cache=True, inline="always")
def _mark_lengths(longest, kind, start, end):  # type: ignore[no-untyped-def]
    if end - start == 1:
        longest[start, kind] = 1
        return
    first = 2 + 3 * (min(end - start, 5) - 2)
    longest[start, kind] = first
    for place in range(start + 1, end - 1):
        longest[place, kind] = first + 1
    longest[end - 1, kind] = first + 2
