"""Where words of the gazetteers stand in a text, as features of its characters."""

from collections.abc import Sequence

import numpy as np

from nlp.compiled import Codes, Longs, compiled
from nlp.ner.letters import codes
from nlp.tries import NOWHERE, ROOT, Valued, step, valued

LONGEST = 32  # longer words are left out, which keeps every walk short
PLACES = 16  # any mixture of begins, is inside, ends, stands alone
LENGTHS = 16  # nothing, alone, or begin, inside, end of a longest match of 2, 3, 4, 5 or more


def trie_of(words: Sequence[str], values: Longs) -> Valued:
    """A trie of words and their values."""
    chosen = [k for k, word in enumerate(words) if 0 < len(word) <= LONGEST]
    return valued(*codes([words[k] for k in chosen]), values[np.array(chosen, np.int64)])


@compiled
def mark_matches(
    folded: Codes, low: int, high: int, words: Valued, every: Longs, longest: Longs
) -> None:
    """Mark all matches in `every` and the longest from the left in `longest`, a column a kind."""
    kinds = every.shape[1]
    free = np.full(kinds, low)
    ends = np.zeros(kinds, np.int64)
    for start in range(low, high):
        ends[:] = start
        node = ROOT
        for place in range(start, high):
            node = step(words.trie, node, folded[place])
            if node == NOWHERE:
                break
            for kind in range(kinds):
                if words.value[node] >> kind & 1:
                    ends[kind] = place + 1
                    _mark_places(every, kind, start, place + 1)
        for kind in range(kinds):
            if ends[kind] > start and start >= free[kind]:
                free[kind] = ends[kind]
                _mark_lengths(longest, kind, start, ends[kind])


@compiled
def _mark_places(every: Longs, kind: int, start: int, end: int) -> None:
    """Any match of a word that contains a character counts (Ma et al. 2020, SoftLexicon)."""
    if end - start == 1:
        every[start, kind] |= 8
        return
    every[start, kind] |= 1
    every[end - 1, kind] |= 4
    for place in range(start + 1, end - 1):
        every[place, kind] |= 2


@compiled
def _mark_lengths(longest: Longs, kind: int, start: int, end: int) -> None:
    if end - start == 1:
        longest[start, kind] = 1
        return
    first = 2 + 3 * (min(end - start, 5) - 2)
    longest[start, kind] = first
    for place in range(start + 1, end - 1):
        longest[place, kind] = first + 1
    longest[end - 1, kind] = first + 2
