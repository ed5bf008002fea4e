"""What a model sees of a character: one number in each of several slots."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nlp.compiled import Codes, Longs, compiled
from nlp.ner.letters import BASIC, CLASSES, classes, codes
from nlp.ner.matches import LENGTHS, PLACES, mark_matches, trie_of
from nlp.ner.tables import Table, table_of, value_of
from nlp.ner.words import UNKNOWN, Words, common_words, segment
from nlp.tries import Valued

UNSEEN = 1  # 0 is kept for "hidden from the model", which training does at times
EDGE = 0  # stands before the first and after the last character in pairs


@dataclass(frozen=True)
class Features:
    """What is known of letters, pairs of letters and gazetteers."""

    letters: Longs  # folded characters; the slot's number is the place plus two
    pairs: Longs  # first * BASIC + second
    kinds: tuple[str, ...]
    gazetteers: Mapping[str, Sequence[str]]

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many numbers each slot has."""
        pairs = len(self.pairs) + 2
        parts = 4 * (int(common_words().parts.max()) + 1)
        fixed = (len(self.letters) + 2, pairs, pairs, len(CLASSES), parts)
        return fixed + (PLACES, LENGTHS) * len(self.kinds)

    @cached_property
    def _letter_numbers(self) -> Longs:
        numbers = np.full(BASIC, UNSEEN, np.int64)
        numbers[self.letters] = np.arange(len(self.letters)) + 2
        return numbers

    @cached_property
    def _pair_numbers(self) -> Table:
        return table_of(self.pairs, np.arange(len(self.pairs)) + 2)

    @cached_property
    def _trie(self) -> Valued:
        words = [word for kind in self.kinds for word in self.gazetteers.get(kind, ())]
        sizes = [len(self.gazetteers.get(kind, ())) for kind in self.kinds]
        return trie_of(words, np.repeat(1 << np.arange(len(sizes)), sizes))

    def knowing(self, gazetteers: Mapping[str, Sequence[str]]) -> "Features":
        """The same features over other gazetteers of the same kinds."""
        return replace(self, gazetteers=gazetteers)

    def slots(self, texts: Sequence[str]) -> tuple[Longs, Longs]:
        """Number all characters of all texts; say where each text begins."""
        folded, bounds = codes(texts)
        slots = np.zeros((len(folded), len(self.sizes)), np.int64)  # (characters, slots)
        slots[:, 0] = self._letter_numbers[np.minimum(folded, BASIC - 1)]
        slots[:, 3] = classes(folded)
        _number_pairs(folded, bounds, *self._pair_numbers, slots)
        _number_parts(folded, bounds, common_words(), slots)
        _number_matches(folded, bounds, self._trie, slots)
        return slots, bounds


def learn_features(
    texts: Iterable[str], gazetteers: Mapping[str, Sequence[str]], rare: int
) -> Features:
    """Collect the letters seen twice and the pairs seen `rare` times in texts and gazetteers."""
    kinds = tuple(sorted(gazetteers))
    words = (word for kind in kinds for word in gazetteers[kind])
    folded, bounds = codes([*texts, *words])
    letters = _frequent(folded[folded < BASIC].astype(np.int64), 2)
    pairs = _frequent(_pairs(folded, bounds), rare)
    return Features(letters, pairs, kinds, gazetteers)


def _frequent(values: Longs, least: int) -> Longs:
    kept, counts = np.unique(values, return_counts=True)
    return np.asarray(kept[counts >= least], np.int64)


@compiled
def _pairs(folded: Codes, bounds: Longs) -> Longs:
    """All pairs, the edges of texts among them."""
    pairs = np.empty(len(folded) + len(bounds) - 1, np.int64)
    entry = 0
    for text in range(len(bounds) - 1):
        last = EDGE
        for place in range(bounds[text], bounds[text + 1]):
            pairs[entry] = last * BASIC + folded[place]
            last = int(folded[place])
            entry += 1
        pairs[entry] = last * BASIC + EDGE
        entry += 1
    return pairs


@compiled
def _number_pairs(folded: Codes, bounds: Longs, keys: Longs, values: Longs, slots: Longs) -> None:
    for text in range(len(bounds) - 1):
        low, high = bounds[text], bounds[text + 1]
        last = EDGE
        for place in range(low, high):
            number = value_of(keys, values, last * BASIC + folded[place], UNSEEN)
            last = int(folded[place])
            slots[place, 1] = number
            if place > low:
                slots[place - 1, 2] = number
        if high > low:
            slots[high - 1, 2] = value_of(keys, values, last * BASIC + EDGE, UNSEEN)


@compiled
def _number_matches(folded: Codes, bounds: Longs, known: Valued, slots: Longs) -> None:
    every, longest = slots[:, 5::2], slots[:, 6::2]
    for text in range(len(bounds) - 1):
        low, high = bounds[text], bounds[text + 1]
        mark_matches(folded, low, high, known, every, longest)


@compiled
def _number_parts(folded: Codes, bounds: Longs, words: Words, slots: Longs) -> None:
    numbers = np.zeros(len(folded), np.int64)
    for text in range(len(bounds) - 1):
        low, high = bounds[text], bounds[text + 1]
        segment(folded, low, high, words, numbers)
        part = UNKNOWN
        for place in range(low, high):
            first = numbers[place] >= 0
            if first:
                part = int(words.parts[numbers[place]])
            last = place + 1 == high or numbers[place + 1] >= 0
            slots[place, 4] = 4 * part + (3 if first and last else 2 if last else 0 if first else 1)
