"""A trie as one open-addressed hash table, so that it can be copied, extended, saved and mapped."""

from typing import NamedTuple

import numpy as np

from nlp.compiled import Codes, Ints, Longs, compiled

ROOT, NOWHERE = 0, -1
CODE_BITS = 21
EMPTY = -1
MIX = np.uint64(0x9E3779B97F4A7C15)


class Trie(NamedTuple):
    """Edges keyed by node and character; `size` holds the number of nodes."""

    key: Longs
    child: Ints
    size: Longs


class Valued(NamedTuple):
    """A trie with a number at every node: that of the word that ends there, 0 for none."""

    trie: Trie
    value: Longs


def empty_trie(characters: int) -> Trie:
    """Room for words of so many characters in all."""
    slots = 1 << max(8, int(2 * characters).bit_length())
    return Trie(np.full(slots, EMPTY, np.int64), np.zeros(slots, np.int32), np.ones(1, np.int64))


def extended(trie: Trie, codes: Codes, start: Longs) -> tuple[Trie, Ints]:
    """A trie with these words too, and the node at which each one ends."""
    wanted = 2 * (int(trie.size[0]) + len(codes))
    if wanted > len(trie.key):
        larger = empty_trie(wanted)
        move(trie, larger)
    else:
        larger = Trie(trie.key.copy(), trie.child.copy(), trie.size.copy())
    return larger, insert_all(larger, codes, start)


def valued(codes: Codes, start: Longs, values: Longs) -> Valued:
    """A trie of these words; equal words unite the bits of their values."""
    trie = empty_trie(len(codes))
    nodes = insert_all(trie, codes, start)
    value = np.zeros(int(trie.size[0]), np.int64)
    np.bitwise_or.at(value, nodes, values)
    return Valued(trie, value)


@compiled
def place_of(key: Longs, node: int, code: int) -> int:
    """The slot of an edge, or the empty one where it belongs."""
    wanted = (np.int64(node) << CODE_BITS) | np.int64(code)
    mask = np.uint64(len(key) - 1)
    slot = ((np.uint64(wanted) * MIX) >> np.uint64(32)) & mask
    while key[slot] != wanted and key[slot] != EMPTY:
        slot = (slot + np.uint64(1)) & mask
    return int(slot)


@compiled
def step(trie: Trie, node: int, code: int) -> int:
    """The node reached by a character, `NOWHERE` without one."""
    slot = place_of(trie.key, node, code)
    return trie.child[slot] if trie.key[slot] != EMPTY else NOWHERE


@compiled
def insert(trie: Trie, word: Codes) -> int:
    """Add a word in place; gives the node of its end."""
    node = ROOT
    for code in word:
        slot = place_of(trie.key, node, code)
        if trie.key[slot] == EMPTY:
            trie.key[slot] = (np.int64(node) << CODE_BITS) | np.int64(code)
            trie.child[slot] = trie.size[0]
            trie.size[0] += 1
        node = trie.child[slot]
    return node


@compiled
def insert_all(trie: Trie, codes: Codes, start: Longs) -> Ints:
    """Add words in place; gives the node of each one's end."""
    nodes = np.empty(len(start) - 1, np.int32)
    for at in range(len(nodes)):
        nodes[at] = insert(trie, codes[start[at] : start[at + 1]])
    return nodes


@compiled
def move(old: Trie, new: Trie) -> None:
    """Carry all edges over into a larger table."""
    for slot in range(len(old.key)):
        if old.key[slot] != EMPTY:
            node, code = old.key[slot] >> CODE_BITS, old.key[slot] & ((1 << CODE_BITS) - 1)
            place = place_of(new.key, node, code)
            new.key[place], new.child[place] = old.key[slot], old.child[slot]
    new.size[0] = old.size[0]


@compiled
def find(trie: Trie, word: Codes) -> int:
    """The node of a whole word, `NOWHERE` without one."""
    node = ROOT
    for code in word:
        node = step(trie, node, code)
        if node == NOWHERE:
            return NOWHERE
    return node
