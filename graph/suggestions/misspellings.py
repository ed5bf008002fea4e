"""Misspellings: what is asked for is nearly a label, and leads to the same items."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from graph.suggestions.agreeing import Agreement
from graph.suggestions.asked import Asked
from graph.suggestions.suggestion import Suggestion, evidence, language_of
from nlp.fuzzy import distance
from nlp.normal import normal

SHORTEST, LONG = 5, 8  # letters of a word with one slip, and with two
SHORTEST_HAN = 3


def misspellings(
    found: Iterable[Agreement], labels: Mapping[int, Sequence[str]], asked: Asked
) -> dict[str, Suggestion]:
    """Of all tags that a word agrees with, take the one whose label is nearest."""
    best: dict[str, tuple[tuple[float, float], Suggestion]] = {}
    for one in found:
        for text in {one.word, *map(normal, asked.examples.get(one.word, ()))}:
            label, slips = nearest(text, labels.get(one.tag, ()))
            rank = (slips, -one.score)
            if label and (one.word not in best or rank < best[one.word][0]):
                best[one.word] = (rank, _suggestion(one, text, label, slips, asked))
    return {word: suggestion for word, (_, suggestion) in best.items()}


def nearest(word: str, labels: Sequence[str]) -> tuple[str, int]:
    """Give the label that the word is a slip of, and how many slips; an empty one for none."""
    near = [(slips_between(word, label), label) for label in labels]
    slips, label = min((pair for pair in near if pair[0] > 0), default=(0, ""))
    return label, slips


def slips_between(word: str, label: str) -> int:
    """Count slips between a word and a label; 0 where they are no slips of each other."""
    allowed = _allowed(word, label)
    if not allowed or _digits(word) != _digits(label):
        return 0
    slips = int(distance(_codes(word), _codes(label), allowed))
    return slips if slips <= allowed else 0


def _allowed(word: str, label: str) -> int:
    if language_of(label) == "zh":
        return int(len(label) >= SHORTEST_HAN and len(word) == len(label))
    if language_of(word) == "zh" or min(len(word), len(label)) < SHORTEST - 1:
        return 0
    return 0 if len(label) < SHORTEST else 1 if len(label) < LONG else 2


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))


def _codes(word: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array([ord(letter) for letter in word], np.int32)


def _suggestion(one: Agreement, text: str, label: str, slips: int, asked: Asked) -> Suggestion:
    numbers = {**one.numbers, "slips": slips, "searches": asked.counts.get(one.word, 0)}
    why = evidence(numbers, one.items, asked.examples.get(one.word, ()), label=label)
    return Suggestion("misspelling", text, one.score / slips, why, one.tag)
