"""Words in a trie of hashed steps, walked by compiled code."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nlp.compiled import Ints, Longs, compiled
from nlp.ner.letters import codes
from nlp.ner.tables import new_table, place_of

LONGEST = 32  # longer words are left out, which keeps every walk short
SPREAD = 0x110000


class Trie(NamedTuple):
    """Steps from node and character to node; `payloads` holds a word's number, or 0, by node."""

    keys: Longs  # (room,)
    values: Longs  # (room,)
    payloads: Longs  # (nodes,)


def trie_of(words: Sequence[str], payloads: Longs) -> Trie:
    """A trie of words; equal words unite the bits of their payloads."""
    chosen = [k for k, word in enumerate(words) if 0 < len(word) <= LONGEST]
    folded, bounds = codes([words[k] for k in chosen])
    keys, values = new_table(len(folded) + 1)
    ends = np.zeros(len(folded) + 1, np.int64)
    nodes = _plant(keys, values, ends, folded, bounds, payloads[np.array(chosen, np.int64)])
    return Trie(keys, values, ends[:nodes].copy())


@compiled
def _plant(
    keys: Longs, values: Longs, ends: Longs, folded: Ints, bounds: Longs, payloads: Longs
) -> int:
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


@compiled
def step(trie: Trie, node: int, letter: int) -> int:
    """The node after this letter, or -1."""
    key = node * SPREAD + letter
    place = place_of(trie.keys, key)
    return trie.values[place] if trie.keys[place] == key else -1
