"""jieba's dictionary and its model of unknown words, as arrays. The one place that knows jieba."""

import warnings
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from nlp.compiled import Doubles
from nlp.folding import Folded, fold
from nlp.noise import cries
from nlp.tries import Trie, empty_trie, extended

HAN_FIRST, HAN_LAST = 0x4E00, 0x9FD5
STATES = "BEMS"
IMPOSSIBLE = -3.14e100
CRY_COUNT = 50


class Guesser(NamedTuple):
    """The hidden Markov model over the states begin, end, middle, single."""

    start: Doubles  # (state,)
    turn: Doubles  # (state, state)
    emit: Doubles  # (state, han)


class Dictionary(NamedTuple):
    """Words in a trie; `weight[node]` is the log of the word's share, 0 where no word ends."""

    trie: Trie
    weight: Doubles
    rare: float  # the weight of a character that nobody knows
    guesser: Guesser


@cache
def base_dictionary() -> Dictionary:
    """jieba's words in their compared form, read once a process."""
    words, counts = zip(*jieba_words(), strict=True)
    total = float(sum(counts))
    return with_guesser(fold(words), np.array(counts, np.float64), total)


def with_guesser(words: Folded, counts: Doubles, total: float) -> Dictionary:
    """Words with their counts; of words that fold to the same the most frequent counts."""
    trie, nodes = extended(empty_trie(len(words.codes)), words.codes, words.start)
    weight = np.full(int(trie.size[0]), -np.inf)
    known = counts > 0
    np.maximum.at(weight, nodes[known], np.log(counts[known]) - np.log(total))
    weight[0] = 0
    return Dictionary(
        trie, np.where(np.isinf(weight), 0.0, weight), -float(np.log(total)), guesser()
    )


def jieba_words() -> Iterator[tuple[str, int]]:
    """Words and counts of jieba's own file, and the cries of sellers."""
    text = files("jieba").joinpath("dict.txt").read_text("utf-8")
    for line in text.splitlines():
        word, count, *_ = line.split(" ")
        yield word, int(count)
    for word in cries():
        yield word, CRY_COUNT


def guesser() -> Guesser:
    """jieba's trained probabilities."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba still asks for pkg_resources
        tables = [
            import_module(f"jieba.finalseg.prob_{name}").P for name in ("start", "trans", "emit")
        ]
    begin, turn, emit = tables
    start = np.array([begin[state] for state in STATES])
    turns = [[turn[before].get(state, IMPOSSIBLE) for state in STATES] for before in STATES]
    emitted = np.full((len(STATES), HAN_LAST - HAN_FIRST + 1), IMPOSSIBLE)
    for row, state in enumerate(STATES):
        for character, value in emit[state].items():
            if HAN_FIRST <= ord(character) <= HAN_LAST:
                emitted[row, ord(character) - HAN_FIRST] = value
    return Guesser(start, np.array(turns), emitted)
