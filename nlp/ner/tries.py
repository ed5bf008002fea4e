"""Words in a trie of hashed steps, walked by compiled code."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from nlp.ner.letters import codes
from nlp.ner.tables import new_table, place_of

LONGEST = 32  # longer words are left out, which keeps every walk short
SPREAD = 0x110000


@dataclass(frozen=True)
class Trie:
    """Steps from node and character to node; `payloads` holds a word's number, or 0, by node."""

    keys: NDArray[np.int64]  # (room,)
    values: NDArray[np.int64]  # (room,)
    payloads: NDArray[np.int64]  # (nodes,)


def trie_of(words: Sequence[str], payloads: NDArray[np.int64]) -> Trie:
    """A trie of words; equal words unite the bits of their payloads."""
    chosen = [k for k, word in enumerate(words) if 0 < len(word) <= LONGEST]
    folded, bounds = codes([words[k] for k in chosen])
    keys, values = new_table(len(folded) + 1)
    ends = np.zeros(len(folded) + 1, np.int64)
    nodes = _plant(keys, values, ends, folded, bounds, payloads[np.array(chosen, np.int64)])
    return Trie(keys, values, ends[:nodes].copy())


@njit(cache=True)
def _plant(keys, values, ends, folded, bounds, payloads):  # type: ignore[no-untyped-def]
    nodes = 1
    for word in range(len(bounds) - 1):
        node = 0
        for letter in range(bounds[word], bounds[word + 1]):
            key = node * SPREAD + folded[letter]
            place = place_of(keys, key)
            if keys[place] != key:
                keys[place] = key
                values[place] = nodes
                nodes += 1
            node = values[place]
        ends[node] |= payloads[word]
    return nodes


@njit(cache=True, inline="always")
def step(keys, values, node, letter):  # type: ignore[no-untyped-def]
    """The node after this letter, or -1."""
    key = node * SPREAD + letter
    place = place_of(keys, key)
    return values[place] if keys[place] == key else -1
