"""The compared form of one character: what is left when look and dress are taken off."""

import unicodedata
from functools import cache
from importlib.resources import files

BLANK = " "
SIGNS = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "、": ",", "。": "."}
SIGNS |= dict.fromkeys("‐‑‒–—―−﹣－", "-") | dict.fromkeys("™®©℠", BLANK)
ACCENTS = range(0x300, 0x370)
SELECTORS = range(0xFE00, 0xFE10)
HANGUL = range(0xAC00, 0xD7A4)


def compared(letter: str) -> str:
    """Width, case, accents, tradition and ornament taken off, until nothing is left to take."""
    if unfolds_to_nothing(letter):
        return ""
    form = "".join(simplified().get(part, part) for part in bare(letter))
    return form if form == letter else "".join(map(compared, form))


def bare(letter: str) -> str:
    """One step of folding."""
    if letter in SIGNS:
        return SIGNS[letter]
    if ord(letter) in HANGUL:
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


@cache
def simplified() -> dict[str, str]:
    """Traditional characters and their simplified forms, from OpenCC's table."""
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line)
    return {old: new.split()[0] for old, new in rows}
