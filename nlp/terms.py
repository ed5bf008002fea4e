"""Text as the terms that it can be searched by, without a dictionary.

Words lose their plural; scripts without blanks give characters and pairs of them; `TN-2110` gives
`tn2110` beside its parts, and `3.5 mm` is one term.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from nlp.inflection import PLURALS, UNCOUNTED, singular
from nlp.normal import normal
from nlp.units import UNITS

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3100-\u312f\u3400-\u9fff"
_WORD = rf"(?:(?![{_UNSPACED}])[^\W_])+"
_PIECE = re.compile(rf"[{_UNSPACED}]+|{_WORD}(?:[-./]{_WORD})*")
_PART = re.compile(r"[-/]|(?<!\d)\.|\.(?!\d)")
_OWNED = re.compile(r"'s?\b")
_LATIN = "|".join(u for units in UNITS.values() for u in units.split() if re.fullmatch("[a-z]+", u))
_MEASURED = re.compile(rf"\b(\d+(?:\.\d+)?)\s+({_LATIN})\b", re.ASCII)
_STRETCH = re.compile(r"[^\w\s'.\-]|\s-\s|\.\s|(?:^|\s)\S*\d\S*")
LINKS = frozenset("and by for from in incl including of on to w with without".split())  # noqa: SIM905
_HISSED = re.compile(r".*(?:ss|x|ch|sh|zz|lens)es", re.ASCII)
_SHORTEST = 3


def terms(text: str) -> list[str]:
    """Give the terms of a text that is searched through.

    >>> terms("Brother TN-2110 toner cartridges")
    ['brother', 'tn', '2110', 'tn2110', 'toner', 'cartridge']
    """
    return [term for piece in _pieces(text) for term in _indexed(piece)]


def asked_terms(text: str) -> list[str]:
    """Give the terms that a query looks for, each once.

    >>> asked_terms("smart watches")
    ['smart', 'watch', 'smartwatch']
    """
    pieces = list(_pieces(text))
    found = [term for piece in pieces for term in _looked_for(piece)]
    whole = [one + base(other) for one, other in pairwise(pieces) if _joins(one) and _joins(other)]
    return list(dict.fromkeys([*found, *whole]))


def heads(text: str) -> list[str]:
    """Give what each stretch of a title ends in: what the thing is, not what it is for.

    >>> heads("Targus LCD monitor privacy filters for laptops, black")
    ['filter', 'black']
    """
    return [term for stretch in _STRETCH.split(_plain(text)) for term in _head(stretch)]


def base(word: str) -> str:
    """Give the singular of an English word, any other word as it is."""
    if not word.isascii() or not word.isalpha() or len(word) <= _SHORTEST:
        return PLURALS.get(word, word)
    if word in PLURALS:
        return PLURALS[word]
    if word in UNCOUNTED or word == "lens" or not word.endswith("s") or word.endswith("ss"):
        return word
    if _HISSED.fullmatch(word):
        return word[:-2]
    return next(iter(singular(word)), word)


def _pieces(text: str) -> Iterator[str]:
    return (match[0] for match in _PIECE.finditer(_plain(text)))


def _plain(text: str) -> str:
    return _MEASURED.sub(r"\1\2", _OWNED.sub("", normal(text)))


def _indexed(piece: str) -> list[str]:
    if unspaced(piece):
        return [*piece, *(one + other for one, other in pairwise(piece))]
    parts = _PART.split(piece)
    whole = ["".join(parts)] if len(parts) > 1 else []
    return [*map(base, parts), *whole]


def _looked_for(piece: str) -> list[str]:
    if unspaced(piece) and len(piece) > 1:
        return [one + other for one, other in pairwise(piece)]
    return _indexed(piece)


def _head(stretch: str) -> list[str]:
    words = []
    for word in stretch.split():
        if word in LINKS:
            break
        words.append(word)
    pieces = list(_PIECE.finditer(words[-1])) if words else []
    if not pieces:
        return []
    last = pieces[-1][0]
    return [last[-2:]] if unspaced(last) else [base(_PART.split(last)[-1])]


def _joins(piece: str) -> bool:
    return piece.isascii() and piece.isalpha()


def unspaced(piece: str) -> bool:
    """Tell whether a piece is of a script without blanks."""
    return piece[0] >= "\u0e00" and re.match(f"[{_UNSPACED}]", piece) is not None
