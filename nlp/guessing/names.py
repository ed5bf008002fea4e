"""Names guessed from all titles together, and the titles with these names in them.

The words that are known teach what stands around a word of each label. A word that is not known is
judged by all its mentions at once, which tells far more than any one of them does. This goes for
titles that are mostly known; where most words are unknown, most of them are no names but language,
and nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from nlp.guessing.cutting import cut
from nlp.guessing.softmax import fit
from nlp.guessing.stretches import stretches
from nlp.guessing.surroundings import Mention, Rows, summary, surroundings
from nlp.ner.samples import Sample, Span
from nlp.normal import normal

LEAST = 2  # mentions of a name
LIKELY = 0.7
MOSTLY = 0.5  # of all words have to be known
DECAY = 1e-3
SIZES = (2, 4, 8, 16, 32, 64, 256)  # known words are also learned by so few of their mentions

Words = Mapping[tuple[str, str | None], list[int]]


@dataclass(frozen=True)
class Name:
    """A word, the label that it seems to be of, how likely that is, and where it stands."""

    word: str
    label: str
    chance: float
    mentions: tuple[Mention, ...]


def guess_names(samples: Sequence[Sample], seed: int = 0) -> list[Name]:
    """Guess the names in what is open in partial samples, the likely ones."""
    found = mentions(samples)
    labels = sorted({one.label for one in found if one.label is not None})
    words = _words(found)
    unknown = [one for one, seen in words.items() if one[1] is None and len(seen) >= LEAST]
    known = sum(one.label is not None for one in found)
    if len(labels) < 2 or not unknown or known < MOSTLY * len(found):
        return []
    rows = surroundings(found, labels)
    kinds = fit(*_lessons(words, rows, labels, np.random.default_rng(seed)), len(labels), DECAY)
    chances = kinds.score(np.stack([summary(rows[words[one]]) for one in unknown]))
    names = (
        Name(word, labels[int(some.argmax())], float(some.max()), _those(found, words[word, None]))
        for (word, _), some in zip(unknown, chances, strict=True)
    )
    return [name for name in names if name.chance >= LIKELY]


def with_names(samples: Sequence[Sample], names: Iterable[Name]) -> list[Sample]:
    """The same samples, knowing these names where they were found."""
    new: list[list[Span]] = [[] for _ in samples]
    for name in names:
        for one in name.mentions:
            new[one.sample].append(Span(one.start, one.end, name.label))
    return [
        replace(sample, spans=tuple(sorted((*sample.spans, *more)))) if more else sample
        for sample, more in zip(samples, new, strict=True)
    ]


def mentions(samples: Sequence[Sample]) -> list[Mention]:
    """All that is known and the words of what is open, title by title."""
    open_stretches = list(stretches(samples))
    cuts = cut(samples, open_stretches)
    known = ((n, s.start, s.end, s.label) for n, one in enumerate(samples) for s in one.spans)
    new = (
        (one.sample, start, end, None)
        for one, words in zip(open_stretches, cuts, strict=True)
        for start, end in words
    )
    places = sorted(chain(known, new), key=lambda place: place[:3])
    return [
        Mention(sample, start, end, normal(samples[sample].text[start:end]), label)
        for sample, start, end, label in places
    ]


def _words(found: Sequence[Mention]) -> Words:
    """Where each word with its label, or without one, is mentioned."""
    words: dict[tuple[str, str | None], list[int]] = {}
    for place, one in enumerate(found):
        words.setdefault((one.word, one.label), []).append(place)
    return words


def _lessons(
    words: Words, rows: Rows, labels: Sequence[str], chance: np.random.Generator
) -> tuple[Rows, NDArray[np.int64], NDArray[np.float64]]:
    """Known words as all and as some of their mentions describe them; each word counts alike."""
    seen, kinds, factors = [], list[int](), list[float]()
    for (_, label), places in words.items():
        if label is not None:
            some = list(_samples(np.array(places), chance))
            seen += [summary(rows[part]) for part in some]
            kinds += [labels.index(label)] * len(some)
            factors += [1 / len(some)] * len(some)
    return np.stack(seen), np.array(kinds), np.array(factors)


def _samples(places: NDArray[np.int64], chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    yield places
    for size in SIZES:
        if size < len(places):
            yield chance.choice(places, size, replace=False)


def _those(found: Sequence[Mention], places: Iterable[int]) -> tuple[Mention, ...]:
    return tuple(found[place] for place in places)
