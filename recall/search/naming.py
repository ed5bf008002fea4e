"""Which tags a query names: the longest stretches of it that are labels."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.inflection import counted
from nlp.normal import normal
from nlp.terms import unspaced

LONGEST = 6  # words, or twice as many characters of scripts without blanks
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Mention:
    """A stretch of a query that names tags, and how much of the query it is."""

    start: int
    end: int
    tags: tuple[int, ...]
    share: float


def stretches(text: str) -> dict[tuple[int, int], tuple[str, ...]]:
    """Give all stretches of a query with the forms that a label may have."""
    text = normal(text)
    cuts = _cuts(text)
    found = {}
    for place, (start, _) in enumerate(cuts):
        for _, end in cuts[place : place + 2 * LONGEST]:
            form = text[start:end]
            if len(form.split()) <= LONGEST:
                found[start, end] = (form, *counted(form))
    return found


def mentions(text: str, named: Mapping[str, Sequence[int]]) -> list[Mention]:
    """Take the longest stretches that name tags, none over another."""
    letters = max(1, sum(map(str.isalnum, normal(text))))
    found: list[Mention] = []
    for (start, end), forms in sorted(stretches(text).items(), key=lambda one: _order(*one[0])):
        tags = next((named[form] for form in forms if form in named), None)
        if tags and all(end <= one.start or start >= one.end for one in found):
            size = sum(map(str.isalnum, normal(text)[start:end]))
            found.append(Mention(start, end, tuple(tags), size / letters))
    return found


def _order(start: int, end: int) -> tuple[int, int]:
    return start - end, start


def _cuts(text: str) -> list[tuple[int, int]]:
    """Words, and single characters of scripts without blanks."""
    cuts: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        ends = [match.start()]
        for place in range(match.start() + 1, match.end()):
            if unspaced(text[place - 1]) or unspaced(text[place]):
                ends.append(place)
        cuts += pairwise([*ends, match.end()])
    return cuts
