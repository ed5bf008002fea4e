"""What each character counts as: its compared form and its class, for all of Unicode."""

import sys
import unicodedata
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from nlp.compiled import Bytes, Codes, Ints

OTHER, LETTER, DIGIT, HAN, SPACE, SYLLABLE = range(6)
DROPPED, SEVERAL = 0, 0xFFFFFFFF
BLANK = " "
USED = (range(0x33480), range(0xE0000, 0xE01F0))  # the planes of Unicode that hold characters
SIGNS = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "、": ",", "。": "."}
SIGNS |= dict.fromkeys("‐‑‒–—―−﹣－", "-") | dict.fromkeys("™®©℠", BLANK)
ACCENTS = range(0x300, 0x370)
SELECTORS = range(0xFE00, 0xFE10)
HANGUL = (range(0x1100, 0x1200), range(0xAC00, 0xD7A4))
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
    simple = simplified()
    for code in (code for plane in USED for code in plane):
        letter = chr(code)
        form = compared(letter, simple)
        kind[code] = kind_of(letter)
        mark[code] = is_mark(code)
        folded[code] = ord(form) if len(form) == 1 else SEVERAL if form else DROPPED
        if len(form) > 1:
            count[code + 1] = len(form)
            more += map(ord, form)
    first = np.cumsum(count, dtype=np.int32)
    return Characters(folded, kind, mark, first, np.array(more, np.uint32))


def compared(letter: str, simple: dict[str, str]) -> str:
    """Width, case, accents, tradition and ornament taken off, until nothing is left to take."""
    if unfolds_to_nothing(letter):
        return ""
    form = "".join(simple.get(part, part) for part in bare(letter))
    return form if form == letter else "".join(compared(part, simple) for part in form)


def bare(letter: str) -> str:
    """One step of folding."""
    if letter in SIGNS:
        return SIGNS[letter]
    if ord(letter) in HANGUL[1]:
        return unicodedata.normalize("NFD", letter)
    form = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    if form == letter and is_ornament(letter):
        return BLANK
    return form


def unfolds_to_nothing(letter: str) -> bool:
    """Marks upon letters, and characters without width."""
    return is_mark(ord(letter)) or (unicodedata.category(letter) == "Cf")


def is_mark(code: int) -> bool:
    """An accent or a variation selector."""
    return code in ACCENTS or code in SELECTORS or 0xE0100 <= code < 0xE01F0


def is_ornament(letter: str) -> bool:
    """Emoji, stars, blanks, controls, halves of broken characters."""
    return unicodedata.category(letter) in {"So", "Sk", "Cc", "Cs", "Zs", "Zl", "Zp", "Co"}


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


def simplified() -> dict[str, str]:
    """Traditional characters and their simplified forms, from OpenCC's table."""
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line)
    return {old: new.split()[0] for old, new in rows}
