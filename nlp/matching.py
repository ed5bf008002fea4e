"""Which labels are mentions: longest first, without overlaps, with segmentation as a witness.

Rules of overlap: of all ways to choose labels that do not overlap the one with the greatest worth
wins. A label is worth one and a half points a character, less half a point, so that a long label
beats its parts and two labels side by side beat one that straddles them; what it breaks in the
segmentation is taken off. Of equals the one that begins first wins.
"""

from typing import NamedTuple

import numpy as np

from nlp.characters import HAN, LETTER
from nlp.compiled import Bytes, Codes, Ints, Longs, compiled
from nlp.finding import INSIDE, Words
from nlp.folding import Folded
from nlp.fuzzy import LONGEST, SHORTEST, nearest
from nlp.net import Misspelt, Net
from nlp.segmenting import KNOWN, Tokens, is_word

WHOLE, LOOSE, BROKEN, IMPOSSIBLE = range(4)  # how well a span agrees with segmentation
_COST = np.array([0.0, 0.4, 1.0, 99.0])


class Spans(NamedTuple):
    """Mentions of all texts in order; those of text `t` are `[first[t]:first[t + 1]]`."""

    first: Longs
    start: Longs  # positions in the folded codes
    end: Longs
    pattern: Ints
    break_: Bytes
    slips: Bytes  # letters that are wrong


def match(text: Folded, words: Words, gaps: Bytes, tokens: Tokens, net: Net) -> Spans:
    """Choose the mentions, then look for misspelt names in what is left."""
    size = len(text.codes)
    chosen, broken = np.full(size, -1, np.int64), np.zeros(size, np.uint8)
    slips, ends = np.zeros(size, np.uint8), np.zeros(size, np.int64)
    inside = containing(tokens.end, text.start)
    damage = damages(text.kind, words.first, words.end, words.node, net.label, inside, *tokens)
    choose(text.start, words.first, words.end, words.node, net.label, damage, chosen, broken, ends)
    fuzzy(text.codes, text.kind, text.start, gaps, words.first, words.end, ends, net, chosen, slips)
    return Spans(*gathered(text.start, chosen, ends, broken, slips))


@compiled
def containing(end: Longs, start: Longs) -> Longs:
    """For each position the beginning of its token."""
    inside = np.zeros(len(end) + 1, np.int64)
    begin = 0
    for at in range(len(end)):
        begin = at if end[at] > 0 else begin
        inside[at] = begin
    inside[len(end)] = len(end)
    return inside


@compiled
def damages(
    kind: Bytes,
    first: Longs,
    ends: Longs,
    node: Ints,
    label: Ints,
    inside: Longs,
    token_end: Longs,
    how: Bytes,
) -> Bytes:
    """What choosing each word as a mention would do to the segmentation."""
    damage = np.full(len(ends), IMPOSSIBLE, np.uint8)
    for at in range(len(kind)):
        for word in range(first[at], first[at + 1]):
            if label[node[word]] >= 0:
                damage[word] = harm(kind, at, ends[word], inside, token_end, how)
    return damage


@compiled
def harm(kind: Bytes, at: int, end: int, inside: Longs, token_end: Longs, how: Bytes) -> int:
    """Judge one label between two positions."""
    left, right = inside[at], inside[end - 1]
    whole = left == at or kind[at] != HAN, token_end[right] == end or kind[end - 1] != HAN
    if whole[0] and whole[1]:
        return WHOLE
    if end - at == 1:
        return IMPOSSIBLE
    if left == right:
        return within(at, end, left, token_end[left], how[left])
    known = (not whole[0] and how[left] == KNOWN) or (not whole[1] and how[right] == KNOWN)
    if not known:
        return LOOSE
    return BROKEN if end - at > 2 else IMPOSSIBLE


@compiled
def within(at: int, end: int, low: int, high: int, how: int) -> int:
    """Inside a longer word: its head counts, what one more character follows does not."""
    if how != KNOWN:
        return LOOSE
    if end == high:
        return LOOSE
    return IMPOSSIBLE if high - end == 1 else BROKEN


@compiled
def choose(
    start: Longs,
    first: Longs,
    ends: Longs,
    node: Ints,
    label: Ints,
    damage: Bytes,
    chosen: Longs,
    broken: Bytes,
    end: Longs,
) -> None:
    """From right to left: the worth of the best choice from every position on."""
    worth = np.zeros(len(chosen) + 1)
    for text in range(len(start) - 1):
        high = start[text + 1]
        for at in range(high - 1, start[text] - 1, -1):
            worth[at] = worth[at + 1] if at + 1 < high else 0.0
            for word in range(first[at], first[at + 1]):
                if damage[word] == IMPOSSIBLE:
                    continue
                value = 1.5 * (ends[word] - at) - 0.5 - _COST[damage[word]]
                value += worth[ends[word]] if ends[word] < high else 0.0
                if value >= worth[at]:
                    worth[at], chosen[at] = value, label[node[word]]
                    broken[at], end[at] = damage[word], ends[word]
        walk_over(start[text], high, chosen, end)


@compiled
def walk_over(low: int, high: int, chosen: Longs, end: Longs) -> None:
    """Keep what lies on the best way only."""
    until = low
    for at in range(low, high):
        if at < until:
            chosen[at], end[at] = -1, 0
        elif chosen[at] >= 0:
            until = end[at]


@compiled
def fuzzy(
    codes: Codes,
    kind: Bytes,
    start: Longs,
    gaps: Bytes,
    first: Longs,
    ends: Longs,
    end: Longs,
    net: Net,
    chosen: Longs,
    slips: Bytes,
) -> None:
    """Misspelt names among the Latin words that nothing covers."""
    index, forms, form, owned = net.misspelt, net.forms, net.form, net.owned
    for text in range(len(start) - 1):
        at = start[text]
        while at < start[text + 1]:
            if end[at] > 0:
                at = end[at]
            elif kind[at] == LETTER and gaps[at] != INSIDE:
                after = word_end(codes, kind, at, start[text + 1])
                free = untouched(end, at, after) and not is_word(first, ends, at, after)
                if free and SHORTEST <= after - at <= LONGEST:
                    spelt(codes, index, forms, form, owned, at, after, chosen, end, slips)
                at = after
            else:
                at += 1


@compiled
def word_end(codes: Codes, kind: Bytes, at: int, high: int) -> int:
    """The end of a run of letters."""
    while at < high and kind[at] == LETTER:
        at += 1
    return at


@compiled
def untouched(end: Longs, at: int, high: int) -> bool:
    """Whether no mention begins here."""
    for place in range(at, high):  # noqa: SIM110
        if end[place] > 0:
            return False
    return True


@compiled
def spelt(
    codes: Codes,
    index: Misspelt,
    forms: Ints,
    form: Longs,
    owned: Longs,
    at: int,
    high: int,
    chosen: Longs,
    end: Longs,
    slips: Bytes,
) -> None:
    """Look one word up."""
    word = codes[at:high].astype(np.int32)
    pattern, far = nearest(index, forms, form, owned, word)
    if pattern >= 0 and far > 0:
        chosen[at], end[at], slips[at] = pattern, high, far


@compiled
def gathered(
    start: Longs, chosen: Longs, end: Longs, broken: Bytes, slips: Bytes
) -> tuple[Longs, Longs, Longs, Ints, Bytes, Bytes]:
    """Mentions side by side."""
    where = np.flatnonzero(chosen >= 0)
    first = np.searchsorted(where, start)
    return first, where, end[where], chosen[where].astype(np.int32), broken[where], slips[where]
