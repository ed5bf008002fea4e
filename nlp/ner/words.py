"""A dictionary of the language: how common a word is and which part of speech it mostly is."""

import hashlib
import math
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import jieba  # type: ignore[import-untyped]
import numpy as np

from nlp.compiled import Codes, Doubles, Longs, compiled
from nlp.ner.matches import trie_of
from nlp.tries import NOWHERE, ROOT, Valued, step

UNKNOWN = 0  # the part of speech of what the dictionary does not know


class Words(NamedTuple):
    """A trie whose values are numbers of words; word 0 is every character that is no word."""

    known: Valued
    weights: Doubles  # (words,): logarithms of shares
    parts: Longs  # (words,)


@cache
def common_words() -> Words:
    """The dictionary that comes with jieba."""
    words, counts, parts = zip(*_entries(), strict=True)
    numbers = {part: number for number, part in enumerate(sorted(set(parts)), UNKNOWN + 1)}
    total = math.log(sum(counts))
    return Words(
        known=trie_of(words, np.arange(1, len(words) + 1)),
        weights=np.array([-total, *(math.log(max(1, c)) - total for c in counts)]),
        parts=np.array([UNKNOWN, *(numbers[part] for part in parts)], np.int64),
    )


@cache
def dictionary_version() -> str:
    """A name for exactly this dictionary: models hold good for the one they were trained with."""
    with jieba.get_dict_file() as file:
        return hashlib.sha256(file.read()).hexdigest()[:12]


def _entries() -> Iterator[tuple[str, int, str]]:
    with jieba.get_dict_file() as file:
        for line in file.read().decode("utf-8").splitlines():
            word, count, part = line.split(" ")
            yield word, int(count), part


@compiled
def segment(folded: Codes, low: int, high: int, words: Words, numbers: Longs) -> None:
    """Cut `low` to `high` into the likeliest words; write a word's number where it begins.

    Elsewhere stands -1. The best route by dynamic programming from the end, as jieba does.
    """
    n = high - low
    route = np.zeros(n + 1)
    jump = np.ones(n, np.int64)
    chosen = np.zeros(n, np.int64)
    for start in range(n - 1, -1, -1):
        route[start] = words.weights[0] + route[start + 1]
        node = ROOT
        for place in range(start, n):
            node = step(words.known.trie, node, folded[low + place])
            if node == NOWHERE:
                break
            word = words.known.value[node]
            if word and words.weights[word] + route[place + 1] >= route[start]:
                route[start] = words.weights[word] + route[place + 1]
                jump[start] = place + 1 - start
                chosen[start] = word
    start = 0
    while start < n:
        numbers[low + start] = chosen[start]
        numbers[low + start + 1 : low + start + jump[start]] = -1
        start += jump[start]
