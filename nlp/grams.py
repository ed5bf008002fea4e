"""Pieces of texts as numbers: a text that mentions a label has all pieces of the label.

Of a word in letters or digits the first three characters (two of short words), so that inflection
and most slips do not hide it; of other scripts every character and every two side by side.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nlp.characters import DIGIT, LETTER, SPACE
from nlp.compiled import Bytes, Codes, Ints, Longs, compiled
from nlp.folding import fold

SHORT = 4  # a word up to this long may be the inflected form of one that has three letters or less


def text_grams(texts: Sequence[str]) -> list[NDArray[np.int32]]:
    """Give the pieces of each text, sorted, each once."""
    return _grams(texts, as_label=False)


def label_grams(texts: Sequence[str]) -> list[NDArray[np.int32]]:
    """Give the pieces that a text must have to mention each label."""
    return _grams(texts, as_label=True)


def _grams(texts: Sequence[str], as_label: bool) -> list[NDArray[np.int32]]:
    folded = fold(texts)
    found, first = pieces(folded.codes, folded.kind, folded.start, as_label)
    return [np.unique(found[low:high]) for low, high in pairwise(first.tolist())]


@compiled
def pieces(codes: Codes, kind: Bytes, start: Longs, as_label: bool) -> tuple[Ints, Longs]:
    """Pieces of all texts end to end, and where each text's begin."""
    found = np.empty(2 * len(codes) + 2, np.int32)
    first = np.zeros(len(start), np.int64)
    used = 0
    for text in range(len(start) - 1):
        at = start[text]
        while at < start[text + 1]:
            end = at + 1
            if kind[at] == LETTER or kind[at] == DIGIT:
                while end < start[text + 1] and (kind[end] == LETTER or kind[end] == DIGIT):
                    end += 1
                used = word(codes, at, end, as_label, found, used)
            elif kind[at] != SPACE:
                used = sign(codes, kind, at, start[text + 1], as_label, found, used)
            at = end
        first[text + 1] = used
    return found[:used], first


@compiled
def word(codes: Codes, at: int, end: int, as_label: bool, found: Ints, used: int) -> int:
    """The beginning of a word."""
    size = end - at
    if size >= SHORT or (size == SHORT - 1 and not as_label):
        found[used] = mixed(codes[at], codes[at + 1], codes[at + 2])
        used += 1
    if size < SHORT or (size == SHORT and not as_label):
        found[used] = mixed(codes[at], codes[at + 1] if size > 1 else 0, 0)
        used += 1
    return used


@compiled
def sign(
    codes: Codes, kind: Bytes, at: int, end: int, as_label: bool, found: Ints, used: int
) -> int:
    """A character that is a word by itself, and the two that it makes with the next."""
    paired = at + 1 < end and kind[at + 1] != LETTER and kind[at + 1] != DIGIT
    paired = paired and kind[at + 1] != SPACE
    found[used] = mixed(codes[at], 0, 1)
    used += 1
    if paired:
        found[used] = mixed(codes[at], codes[at + 1], 1)
        used += 1
    return used


@compiled
def mixed(one: int, two: int, three: int) -> int:
    """Three codes as one number of 31 bits (the multipliers are Knuth's golden ratio's)."""
    mix = (np.uint64(one) * np.uint64(0x9E3779B1)) ^ (np.uint64(two) * np.uint64(0x85EBCA77))
    mix = (mix ^ (np.uint64(three) * np.uint64(0xC2B2AE3D))) & np.uint64(0xFFFFFFFFFFFF)
    return int((mix ^ (mix >> np.uint64(17))) & np.uint64(0x7FFFFFFF))
