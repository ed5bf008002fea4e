"""Characters as numbers: folded one to one, so that every offset stays what it is."""

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np

from nlp.compiled import Codes, Longs

BASIC = 0x10000  # characters beyond the basic plane are folded to themselves
CLASSES = ("unseen", "han", "digit", "latin", "space", "P", "S", "L", "N", "other")


def codes(texts: Sequence[str]) -> tuple[Codes, Longs]:
    """Fold texts, one after another, and say where each begins and the last ends."""
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=bounds[1:])
    raw = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    known = np.minimum(raw, BASIC - 1)
    folded = np.where(raw < BASIC, _folds()[known], raw)
    return folded.astype(np.uint32), bounds


def classes(folded: Codes) -> Longs:
    """The class of every folded character, a number into CLASSES."""
    return np.asarray(_classes()[np.minimum(folded, BASIC - 1)])


@cache
def _folds() -> Codes:
    return np.array([_fold(code) for code in range(BASIC)], np.uint32)


@cache
def _classes() -> Longs:
    return np.array([CLASSES.index(_class(chr(code))) for code in range(BASIC)], np.int64)


def _fold(code: int) -> int:
    """Small letters of plain width, where that is still one character of the basic plane."""
    folded = unicodedata.normalize("NFKC", chr(code)).lower()
    return ord(folded) if len(folded) == 1 and ord(folded) < BASIC else code


def _class(character: str) -> str:
    if "\u4e00" <= character <= "\u9fff":
        return "han"
    if character.isdigit():
        return "digit"
    if character.isascii() and character.isalpha():
        return "latin"
    if character.isspace():
        return "space"
    category = unicodedata.category(character)[0]
    return category if category in CLASSES else "other"
