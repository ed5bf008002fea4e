"""Every word of the dictionary and every label, wherever it may stand in a text."""

from typing import NamedTuple, TypeVar

import numpy as np

from nlp.characters import DIGIT, LETTER
from nlp.compiled import Bytes, Codes, Doubles, Ints, Longs, compiled
from nlp.folding import Folded
from nlp.net import Net
from nlp.tries import CODE_BITS, EMPTY, MIX, ROOT

Numbers = TypeVar("Numbers", Longs, Ints)

INSIDE, BORDER, FREE = range(3)
_DOT = ord(".")
_LONG_ENOUGH = 4


class Words(NamedTuple):
    """Words that begin at position `p` are `[first[p]:first[p + 1]]`, shorter ones first."""

    first: Longs
    end: Longs
    node: Ints


def find_words(text: Folded, net: Net) -> tuple[Words, Bytes]:
    """Walk the trie from every position of every text; also says where words may end."""
    gaps = find_gaps(text.codes, text.kind, text.first, text.start)
    key, child, _ = net.trie
    return Words(*walk(text.codes, text.start, gaps, key, child, net.weight, net.label)), gaps


@compiled
def walk(
    codes: Codes, start: Longs, gaps: Bytes, key: Longs, child: Ints, weight: Doubles, label: Ints
) -> tuple[Longs, Longs, Ints]:
    """The trie's steps written out, for speed."""
    first = np.zeros(len(codes) + 1, np.int64)
    end, found = np.empty(4 * len(codes) + 64, np.int64), np.empty(4 * len(codes) + 64, np.int32)
    used, mask = 0, np.uint64(len(key) - 1)
    for text in range(len(start) - 1):
        high = start[text + 1]
        for at in range(start[text], high):
            if used + high - at > len(end):
                end, found = doubled(end, high), doubled(found, high)
            node = ROOT
            for place in range(at, high if gaps[at] != INSIDE else at):
                wanted = (np.int64(node) << CODE_BITS) | np.int64(codes[place])
                slot = ((np.uint64(wanted) * MIX) >> np.uint64(32)) & mask
                while key[slot] != wanted and key[slot] != EMPTY:
                    slot = (slot + np.uint64(1)) & mask
                if key[slot] == EMPTY:
                    break
                node = child[slot]
                known = label[node] >= 0 or weight[node] < 0
                if known and fits(gaps[at], gaps[place + 1], place + 1 - at):
                    end[used], found[used] = place + 1, node
                    used += 1
            first[at + 1] = used
    return first, end[:used], found[:used]


@compiled
def fits(before: int, after: int, length: int) -> bool:
    """Short words need a gap on both sides; longer ones may touch digits: `iphone15`."""
    if before == FREE and after == FREE:
        return True
    return before != INSIDE and after != INSIDE and length >= _LONG_ENOUGH


@compiled
def doubled(old: Numbers, more: int) -> Numbers:
    """The same array with more than as much room again."""
    new = np.empty(2 * len(old) + more, old.dtype)
    new[: len(old)] = old
    return new


@compiled
def find_gaps(codes: Codes, kind: Bytes, first: Ints, start: Longs) -> Bytes:
    """Before each position: no gap, the border of a number and a word, or a free place."""
    gaps = np.full(len(codes) + 1, FREE, np.uint8)
    for at in range(1, len(codes)):
        one, other = kind[at - 1], kind[at]
        if one in (LETTER, DIGIT) and other in (LETTER, DIGIT):
            gaps[at] = INSIDE if one == other else BORDER
        elif first[at] == first[at - 1] or in_number(codes, kind, at):
            gaps[at] = INSIDE
    gaps[start] = FREE
    return gaps


@compiled
def in_number(codes: Codes, kind: Bytes, at: int) -> bool:
    """Beside the point of a decimal number."""
    for dot in (at - 1, at):
        inside = codes[dot] == _DOT and 0 < dot < len(codes) - 1
        if inside and kind[dot - 1] == DIGIT and kind[dot + 1] == DIGIT:
            return True
    return False
