"""Misspelt Latin names: every label is filed under what is left when letters are dropped.

The deletion neighbourhood of Garbe's SymSpell: two words within one edit share a remainder after
at most one deletion each, within two edits after at most two. One edit is allowed from five
letters on, two from eight; the first letter has to be right.
"""

import numpy as np

from nlp.compiled import Bytes, Ints, Longs, compiled
from nlp.net import Misspelt

SHORTEST, LONG, LONGEST = 5, 8, 24
ONE_EDIT, TWO_EDITS = 1, 2
_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)


def no_misspelt(entries: int) -> Misspelt:
    """Room for so many entries."""
    slots = 1 << max(8, entries.bit_length())
    none, room = np.full(slots, -1, np.int32), np.zeros(entries, np.int32)
    return Misspelt(np.zeros(slots, np.uint8), none, room, room.copy(), np.zeros(1, np.int64))


def with_labels(old: Misspelt, forms: Ints, form: Longs, patterns: Ints) -> Misspelt:
    """The same index with these patterns too."""
    wanted = int(old.size[0]) + sum_of_neighbours(forms, form, patterns)
    if wanted > len(old.pattern):
        new = no_misspelt(wanted + wanted // 4)
        refile(old, new, forms, form)
    else:
        new = Misspelt._make(part.copy() for part in old)
    for_all(new, forms, form, patterns)
    return new


@compiled
def edits_allowed(length: int) -> int:
    """How many slips a word of this length may have."""
    if length < SHORTEST or length > LONGEST:
        return 0
    return ONE_EDIT if length < LONG else TWO_EDITS


@compiled
def sum_of_neighbours(forms: Ints, form: Longs, patterns: Ints) -> int:
    """How many entries the patterns need."""
    total = 0
    for pattern in patterns:
        length = form[pattern + 1] - form[pattern]
        edits = edits_allowed(length)
        if edits > 0:
            total += length
        if edits > 1:
            total += (length - 1) * (length - 2) // 2
    return total


@compiled
def remainder(word: Ints, one: int, other: int) -> int:
    """Hash of the word without the letters at two places; the first letter always stays."""
    mixed = _OFFSET
    for at in range(len(word)):
        if at == 0 or (at != one and at != other):
            mixed = (mixed ^ np.uint64(word[at])) * _PRIME
    return int(mixed >> np.uint64(20))


@compiled
def for_all(index: Misspelt, forms: Ints, form: Longs, patterns: Ints) -> None:
    """File every pattern under each of its remainders."""
    for pattern in patterns:
        word = forms[form[pattern] : form[pattern + 1]]
        edits = edits_allowed(len(word))
        if edits > 0:
            file(index, remainder(word, 0, 0), pattern)
            for one in range(1, len(word)):
                file(index, remainder(word, one, one), pattern)
                for other in range(one + 1, len(word)):
                    if edits > 1:
                        file(index, remainder(word, one, other), pattern)


@compiled
def file(index: Misspelt, mixed: int, pattern: int) -> None:
    """Put an entry at the head of its chain."""
    slot, bit = mixed & (len(index.head) - 1), mixed & (8 * len(index.seen) - 1)
    index.seen[bit >> 3] |= np.uint8(1 << (bit & 7))
    entry = index.size[0]
    index.following[entry] = index.head[slot]
    index.pattern[entry] = pattern
    index.head[slot] = entry
    index.size[0] = entry + 1


@compiled
def refile(old: Misspelt, new: Misspelt, forms: Ints, form: Longs) -> None:
    """File all patterns anew into a larger table."""
    last = -1
    for entry in range(old.size[0]):
        if old.pattern[entry] != last:
            last = old.pattern[entry]
            for_all(new, forms, form, np.array([last], np.int32))


@compiled
def distance(one: Ints, other: Ints, limit: int) -> int:
    """Insertions, deletions, changes and swaps of neighbours; more than the limit is limit + 1."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before = np.zeros(len(other) + 1, np.int64)
    last = np.arange(len(other) + 1)
    for at in range(len(one)):
        row = np.empty(len(other) + 1, np.int64)
        row[0] = at + 1
        for place in range(len(other)):
            row[place + 1] = cheapest(one, other, at, place, row[place], last, before)
        before, last = last, row
    return int(min(last[len(other)], limit + 1))


@compiled
def cheapest(
    one: Ints, other: Ints, at: int, place: int, left: int, last: Longs, before: Longs
) -> int:
    """One cell of the table of optimal string alignment."""
    cost = 0 if one[at] == other[place] else 1
    best = min(left + 1, last[place + 1] + 1, last[place] + cost)
    if at and place and one[at] == other[place - 1] and one[at - 1] == other[place]:
        best = min(best, before[place - 1] + 1)
    return int(best)


@compiled
def nearest(index: Misspelt, forms: Ints, form: Longs, owned: Longs, word: Ints) -> tuple[int, int]:
    """The one closest pattern and its distance; `(-1, 0)` for none or for several."""
    edits = edits_allowed(len(word))
    best, closest, tie = -1, edits + 1, False
    for one in range(len(word)):  # 0 stands for no letter, the first one is never dropped
        for other in range(one, len(word)):
            if skipped(one, other, edits):
                continue
            mixed = remainder(word, one, other)
            entry = index.head[mixed & (len(index.head) - 1)] if seen(index.seen, mixed) else -1
            while entry >= 0:
                pattern = index.pattern[entry]
                entry = index.following[entry]
                if pattern == best or not alike(forms, form, owned, pattern, word):
                    continue
                label = forms[form[pattern] : form[pattern + 1]]
                far = distance(word, label, min(edits, edits_allowed(len(label))))
                if far < closest:
                    best, closest, tie = pattern, far, False
                elif far == closest:
                    tie = True
    return (-1, 0) if tie or best < 0 else (best, closest)


@compiled
def seen(bits: Bytes, mixed: int) -> bool:
    """A small table that says no to most of what was never filed."""
    bit = mixed & (8 * len(bits) - 1)
    return bool(bits[bit >> 3] & np.uint8(1 << (bit & 7)))


@compiled
def skipped(one: int, other: int, edits: int) -> bool:
    """Pairs of places name nothing, one letter, or two; two only where two edits are allowed."""
    if one == 0:
        return other != 0
    return other != one and edits < TWO_EDITS


@compiled
def alike(forms: Ints, form: Longs, owned: Longs, pattern: int, word: Ints) -> bool:
    """Same first letter, near in length, and still somebody's label."""
    length = form[pattern + 1] - form[pattern]
    if owned[pattern] == owned[pattern + 1] or abs(length - len(word)) > edits_allowed(length):
        return False
    return bool(forms[form[pattern]] == word[0])
