"""A dictionary of the language: how common a word is and which part of speech it mostly is."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import jieba
import numpy as np
from numba import njit
from numpy.typing import NDArray

from nlp.ner.tries import Trie, step, trie_of

UNKNOWN = 0  # the part of speech of what the dictionary does not know


@dataclass(frozen=True)
class Words:
    """A trie whose payload is a word's number; word 0 is every character that is no word."""

    trie: Trie
    weights: NDArray[np.float64]  # (words,): logarithms of shares
    parts: NDArray[np.int64]  # (words,)
    names: tuple[str, ...]  # of the parts of speech


@cache
def common_words() -> Words:
    """The dictionary that comes with jieba."""
    words, counts, parts = zip(*_entries(), strict=True)
    names = ("", *sorted(set(parts)))
    numbers = {name: number for number, name in enumerate(names)}
    total = math.log(sum(counts))
    return Words(
        trie=trie_of(words, np.arange(1, len(words) + 1)),
        weights=np.array([-total, *(math.log(max(1, c)) - total for c in counts)]),
        parts=np.array([UNKNOWN, *(numbers[part] for part in parts)], np.int64),
        names=names,
    )


def _entries() -> Iterator[tuple[str, int, str]]:
    with jieba.get_dict_file() as file:
        for line in file.read().decode("utf-8").splitlines():
            word, count, part = line.split(" ")
            yield word, int(count), part


@njit(cache=True)
def segment(  # type: ignore[no-untyped-def]
    folded, low, high, keys, values, payloads, weights, numbers
):
    """Cut `low` to `high` into the likeliest words; write a word's number where it begins.

    Elsewhere stands -1. The best route by dynamic programming from the end, as jieba does.
    """
    n = high - low
    route = np.zeros(n + 1)
    jump = np.ones(n, np.int64)
    chosen = np.zeros(n, np.int64)
    for start in range(n - 1, -1, -1):
        route[start] = weights[0] + route[start + 1]
        node = 0
        for place in range(start, n):
            node = step(keys, values, node, folded[low + place])
            if node < 0:
                break
            word = payloads[node]
            if word and weights[word] + route[place + 1] >= route[start]:
                route[start] = weights[word] + route[place + 1]
                jump[start] = place + 1 - start
                chosen[start] = word
    start = 0
    while start < n:
        numbers[low + start] = chosen[start]
        numbers[low + start + 1 : low + start + jump[start]] = -1
        start += jump[start]
