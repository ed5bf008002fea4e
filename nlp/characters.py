"""What each character counts as: its compared form and its class, for all of Unicode."""

import sys
import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np

from nlp.comparing import BLANK, compared, is_mark
from nlp.compiled import Bytes, Codes, Ints

OTHER, LETTER, DIGIT, HAN, SPACE, SYLLABLE = range(6)
DROPPED, SEVERAL = 0, 0xFFFFFFFF
USED = (range(0x33480), range(0xE0000, 0xE01F0))  # the planes of Unicode that hold characters
PRIVATE = 0xF0000  # from here on nobody knows what a character looks like
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "BOPOMOFO")


class Characters(NamedTuple):
    """Arrays over code points; what unfolds to several stands in `more[first[c]:first[c + 1]]`."""

    folded: Codes
    kind: Bytes
    mark: Bytes  # 1 where the character only decorates the one before it
    first: Ints
    more: Codes


@cache
def characters() -> Characters:
    """Give the tables, made once a process."""
    size = sys.maxunicode + 1
    folded, kind = np.arange(size, dtype=np.uint32), np.zeros(size, np.uint8)
    mark, count = np.zeros(size, np.uint8), np.zeros(size + 1, np.int32)
    more: list[int] = []
    for code in (code for plane in USED for code in plane):
        letter = chr(code)
        form = compared(letter)
        kind[code] = kind_of(letter)
        mark[code] = is_mark(code)
        folded[code] = ord(form) if len(form) == 1 else SEVERAL if form else DROPPED
        if len(form) > 1:
            count[code + 1] = len(form)
            more += map(ord, form)
    folded[PRIVATE:] = ord(BLANK)
    first = np.cumsum(count, dtype=np.int32)
    return Characters(folded, kind, mark, first, np.array(more, np.uint32))


def kind_of(letter: str) -> int:
    """The class that decides where words may end."""
    group = unicodedata.category(letter)
    if group == "Nd":
        return DIGIT
    if group[0] not in "LM":
        return SPACE if letter == BLANK else OTHER
    name = unicodedata.name(letter, "")
    if name.startswith("CJK"):
        return HAN
    return SYLLABLE if name.startswith(UNSPACED) else LETTER
