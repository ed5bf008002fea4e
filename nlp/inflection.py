"""Other ways to write an English label: plural, singular, hyphens and apostrophes left out."""

import re
from collections.abc import Iterator

_WORDS = re.compile(r"[a-z0-9' .&+-]+")
_LAST = re.compile(r"(.*?)([a-z]+)")
_SIBILANT = re.compile(r".*(?:s|x|z|ch|sh)")
_CONSONANT_Y = re.compile(r".*[^aeiou]y")
_SHORTEST = 3
IRREGULAR = {
    "man": "men", "woman": "women", "child": "children", "foot": "feet", "tooth": "teeth",
    "goose": "geese", "mouse": "mice", "knife": "knives", "scarf": "scarves", "shelf": "shelves",
    "leaf": "leaves", "wolf": "wolves", "bookshelf": "bookshelves", "hoof": "hooves",
}  # fmt: skip
PLURALS = {many: one for one, many in IRREGULAR.items()}
UNCOUNTED = {"jeans", "glasses", "shorts", "pants", "clothes", "series", "news", "dress", "glass"}


def inflections(label: str) -> Iterator[str]:
    """Written forms beside the folded label itself: `tote bag` gives `tote bags`.

    >>> list(inflections("t-shirt"))
    ['t-shirts', 't shirt', 't shirts', 'tshirt', 'tshirts']
    """
    if _WORDS.fullmatch(label):
        bases = dict.fromkeys((label, *respelt(label)))
        forms = (form for base in bases for form in (base, *counted(base)))
        yield from (form for form in dict.fromkeys(forms) if form != label)


def respelt(label: str) -> Iterator[str]:
    """Hyphens as blanks or nothing, apostrophes as nothing."""
    if "-" in label:
        yield label.replace("-", " ").strip()
        yield label.replace("-", "")
    if "'" in label:
        yield label.replace("'", "")


def counted(label: str) -> Iterator[str]:
    """The last word in the other number."""
    found = _LAST.fullmatch(label)
    if found and len(found[2]) >= _SHORTEST:
        yield from (found[1] + form for form in other_number(found[2]))


def other_number(word: str) -> Iterator[str]:
    """Plural of a singular, singular of a plural."""
    if word in IRREGULAR or word in PLURALS:
        yield IRREGULAR.get(word) or PLURALS[word]
    elif word.endswith("s") and word not in UNCOUNTED and not word.endswith("ss"):
        yield from singular(word)
    elif word not in UNCOUNTED or word in {"dress", "glass"}:
        yield plural(word)


def plural(word: str) -> str:
    """By the rules."""
    if _CONSONANT_Y.fullmatch(word):
        return word[:-1] + "ies"
    return word + ("es" if _SIBILANT.fullmatch(word) else "s")


def singular(word: str) -> Iterator[str]:
    """By the rules; `es` after a sibilant may belong to the stem or not."""
    if word.endswith("ies") and len(word) > _SHORTEST + 1:
        yield word[:-3] + "y"
    elif len(word) > _SHORTEST and not word.endswith(("us", "is")):
        yield word[:-1]
        if word.endswith("es") and _SIBILANT.fullmatch(word[:-2]):
            yield word[:-2]
