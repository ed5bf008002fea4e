"""jieba's segmentation over arrays: the likeliest path through known words, then the guesser."""

from typing import NamedTuple

import numpy as np

from nlp.characters import DIGIT, LETTER, SPACE
from nlp.compiled import Bytes, Codes, Doubles, Longs, compiled
from nlp.dictionary import HAN_FIRST, HAN_LAST, Guesser
from nlp.finding import Words
from nlp.folding import Folded
from nlp.net import Net

KNOWN, SINGLE, GUESSED, GAP = range(4)
_DOT, _PERCENT = ord("."), ord("%")
_BEGIN, _END, _MIDDLE, _SINGLE = range(4)  # the order of dictionary.STATES


class Tokens(NamedTuple):
    """`end[p]` is the end of the token that begins at `p`, 0 where none does; and its kind."""

    end: Longs
    how: Bytes


def segment(text: Folded, words: Words, net: Net) -> Tokens:
    """Cut every text into tokens."""
    end, how = np.zeros(len(text.codes), np.int64), np.zeros(len(text.codes), np.uint8)
    reach = best_ways(text.codes, text.start, words, net.weight, net.rare)
    cut(text.codes, text.kind, text.start, words.first, words.end, reach, net.guesser, end, how)
    return Tokens(end, how)


@compiled
def best_ways(codes: Codes, start: Longs, words: Words, weight: Doubles, rare: float) -> Longs:
    """From right to left: the end of the best word from every position; of equals the longer."""
    first, ends, nodes = words
    reach, score = np.zeros(len(codes), np.int64), np.zeros(len(codes) + 1)
    for text in range(len(start) - 1):
        high = start[text + 1]
        for at in range(high - 1, start[text] - 1, -1):
            if not in_block(codes[at]):
                score[at], high = 0.0, at
                continue
            after = score[at + 1] if at + 1 < high else 0.0
            reach[at], score[at] = at + 1, rare + after
            for word in range(first[at], first[at + 1]):
                end, share = ends[word], weight[nodes[word]]
                if end > high:
                    break
                value = share + (score[end] if end < high else 0.0)
                if share < 0 and (value >= score[at] or end == at + 1):
                    reach[at], score[at] = end, value
    return reach


@compiled
def cut(
    codes: Codes,
    kind: Bytes,
    start: Longs,
    first: Longs,
    ends: Longs,
    reach: Longs,
    guesser: Guesser,
    end: Longs,
    how: Bytes,
) -> None:
    """Take the known words; leave runs of single characters to the guesser."""
    for text in range(len(start) - 1):
        at, high = start[text], start[text + 1]
        while at < high:
            loose = at
            while at < high and reach[at] == at + 1:
                at += 1
            settle(codes, kind, first, ends, guesser, loose, at, end, how)
            if at < high and reach[at] > 0:
                end[at], how[at] = reach[at], KNOWN
                at = reach[at]
            elif at < high:
                at = set_aside(codes, kind, at, high, end, how)


@compiled
def in_block(code: int) -> bool:
    """Han, Latin letters, digits and the signs that jieba keeps inside words."""
    if HAN_FIRST <= code <= HAN_LAST or 97 <= code <= 122 or 48 <= code <= 57:
        return True
    return code in (35, 37, 38, 43, 45, 46, 95)  # the signs # % & + - . _


@compiled
def set_aside(codes: Codes, kind: Bytes, at: int, high: int, end: Longs, how: Bytes) -> int:
    """A blank, a sign, or a word in another alphabet."""
    after = at + 1
    while kind[at] == LETTER and after < high and kind[after] == LETTER:
        if in_block(codes[after]):
            break
        after += 1
    end[at], how[at] = after, GAP if kind[at] == SPACE else SINGLE
    return after


@compiled
def settle(
    codes: Codes,
    kind: Bytes,
    first: Longs,
    ends: Longs,
    guesser: Guesser,
    at: int,
    high: int,
    end: Longs,
    how: Bytes,
) -> None:
    """Cut a run of single characters, unless it is itself a word that lost to its parts."""
    if high - at == 1 or is_word(first, ends, at, high):
        for place in range(at, high):
            end[place], how[place] = place + 1, SINGLE
        return
    while at < high:
        after = at + 1
        if is_han(codes[at]):
            while after < high and is_han(codes[after]):
                after += 1
            guess(codes, at, after, guesser, end, how)
        else:
            after = latin_end(codes, kind, at, high)
            end[at], how[at] = after, SINGLE
        at = after


@compiled
def is_word(first: Longs, ends: Longs, at: int, high: int) -> bool:
    """Whether the whole stretch is a word, or nothing."""
    if high <= at:
        return True
    for word in range(first[at], first[at + 1]):  # noqa: SIM110
        if ends[word] == high:
            return True
    return False


@compiled
def is_han(code: int) -> bool:
    """Whether the guesser knows about it."""
    return HAN_FIRST <= code <= HAN_LAST


@compiled
def latin_end(codes: Codes, kind: Bytes, at: int, high: int) -> int:
    """A word with its decimals and its percent sign; or everything up to the next one."""
    end = at
    while end < high and plain(codes[end]):
        end += 1
    if end == at:
        while end < high and not plain(codes[end]) and not is_han(codes[end]):
            end += 1
        return end
    if end + 1 < high and codes[end] == _DOT and kind[end + 1] == DIGIT:
        end += 2
        while end < high and kind[end] == DIGIT:
            end += 1
    return end + 1 if end < high and codes[end] == _PERCENT else end


@compiled
def plain(code: int) -> bool:
    """An ASCII letter or digit."""
    return 97 <= code <= 122 or 48 <= code <= 57


@compiled
def guess(codes: Codes, low: int, high: int, guesser: Guesser, end: Longs, how: Bytes) -> None:
    """Viterbi over begin, end, middle and single, as jieba does it."""
    start, turn, emit = guesser
    size = high - low
    back, score, new = np.zeros((size, 4), np.int8), np.empty(4), np.empty(4)
    for state in range(4):
        score[state] = start[state] + emit[state, codes[low] - HAN_FIRST]
    for at in range(1, size):
        advance(score, new, codes[low + at] - HAN_FIRST, turn, emit, back[at])
        score[:] = new
    state = _SINGLE if score[_SINGLE] >= score[_END] else _END
    for at in range(size - 1, -1, -1):
        if state in (_BEGIN, _SINGLE):
            end[low + at], how[low + at] = high, GUESSED if high - low - at > 1 else SINGLE
            high = low + at
        state = back[at, state]


@compiled
def advance(
    score: Doubles, new: Doubles, han: int, turn: Doubles, emit: Doubles, back: Bytes
) -> None:
    """One character on; of equal ways the state later in the alphabet, as Python's max has it."""
    for state in range(4):
        one, other = sources(state)
        emitted = emit[state, han]
        left, right = (
            score[one] + turn[one, state] + emitted,
            score[other] + turn[other, state] + emitted,
        )
        back[state] = other if right >= left else one
        new[state] = max(left, right)


@compiled
def sources(state: int) -> tuple[int, int]:
    """The two states that may come before, in the order of the alphabet."""
    if state in (_BEGIN, _SINGLE):
        return _END, _SINGLE
    return _BEGIN, _MIDDLE
