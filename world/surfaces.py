"""Every way a tag may be written, laid out so that millions of choices are array look-ups."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from world.draws import Flags, Ints, pick, starts_of
from world.labels import Labels
from world.noise_words import EN_NOISE, FULL_WIDTH, SIZES, TRADITIONAL, ZH_NOISE
from world.taxonomy import Tag

KINDS = ("preferred", "synonym", "hidden", "withheld", "styled")
ZH, EN = 0, 1


@dataclass(frozen=True)
class Surfaces:
    """Written forms; the forms of an entry, a language and a kind are neighbours."""

    texts: pl.Series
    lengths: Ints
    latin_start: Flags
    latin_end: Flags
    first: Ints  # (entry, language, kind)
    count: Ints  # (entry, language, kind)
    noise: int
    sizes: dict[str, int]

    def choose(
        self, rng: np.random.Generator, entries: Ints, language: Ints, shares: tuple[float, ...]
    ) -> Ints:
        """A form for each entry, -1 for none; the other language where there is no label."""
        kind = pick(rng, np.array(shares), len(entries))
        turn = rng.random(len(entries))
        language = np.where(self.count[entries, language, 0] > 0, language, 1 - language)
        kind = np.where(self.count[entries, language, kind] > 0, kind, 0)
        step = (turn * self.count[entries, language, kind]).astype(np.int64)
        return np.where(entries < 0, -1, self.first[entries, language, kind] + step)


def build_surfaces(tags: tuple[Tag, ...]) -> Surfaces:
    """The forms of all tags, then noise, then sizes."""
    entries = [(forms(tag.zh), forms(tag.en)) for tag in tags]
    plain = ((), (), (), ())
    entries.append(((ZH_NOISE, *plain), (EN_NOISE, *plain)))
    entries += [((words, *plain), ((), *plain)) for words in SIZES.values()]
    texts = [text for entry in entries for language in entry for kind in language for text in kind]
    count = np.array([[[len(kind) for kind in lang] for lang in entry] for entry in entries])
    return Surfaces(
        pl.Series([*texts, *(" " + text for text in texts)], dtype=pl.String),
        np.array([len(text) for text in texts], np.int64),
        np.array([is_latin(text[0]) for text in texts]),
        np.array([is_latin(text[-1]) for text in texts]),
        starts_of(count.ravel()).reshape(count.shape),
        count,
        len(tags),
        {name: len(tags) + 1 + at for at, name in enumerate(SIZES)},
    )


def is_latin(letter: str) -> bool:
    """Whether it would run together with a Latin neighbour."""
    return letter.isascii() and letter.isalnum()


def forms(labels: Labels) -> tuple[tuple[str, ...], ...]:
    """Forms by kind."""
    if labels.preferred is None:
        return ((), (), (), (), ())
    styled = tuple(dict.fromkeys(restyled(labels.preferred)))
    return ((labels.preferred,), labels.synonyms, labels.hidden, labels.withheld, styled)


def restyled(word: str) -> Iterator[str]:
    """The same word in capitals, small letters, full width, or traditional characters."""
    variants = [word.translate(TRADITIONAL)]
    if any(is_latin(letter) for letter in word):
        variants = [word.upper(), word.lower(), word.translate(FULL_WIDTH)]
    yield from (variant for variant in variants if variant != word)
