"""Words and ids as numbers of 64 bits that are the same in every process; 0 is a missing word."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.uint64]

STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
SHIFTS = np.uint64(30), np.uint64(27), np.uint64(31)


class Seen(dict[str | None, int]):
    """The number of each word, worked out when it is first met."""

    def __missing__(self, word: str | None) -> int:
        found = 0 if word is None else token_of(word)
        self[word] = found
        return found


def token_of(word: str) -> int:
    """Give the number of a word; never 0."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little") or 1


def tokens_of(words: Sequence[str | None]) -> Tokens:
    """Give the numbers of words; 0 for none."""
    seen = Seen()
    return np.fromiter(map(seen.__getitem__, words), np.uint64, len(words))


def tokens_of_ids(ids: NDArray[np.integer]) -> Tokens:
    """Give the numbers of ids; 0 for a negative one."""
    found = np.maximum(mixed(ids.astype(np.uint64)), np.uint64(1))
    return np.where(ids < 0, np.uint64(0), found)


def mixed(numbers: Tokens) -> Tokens:
    """Mix the bits, so that near numbers fall far apart (SplitMix64, Steele et al. 2014)."""
    x = np.atleast_1d(numbers) + STEP
    x = (x ^ (x >> SHIFTS[0])) * FIRST
    x = (x ^ (x >> SHIFTS[1])) * SECOND
    found: Tokens = (x ^ (x >> SHIFTS[2])).reshape(np.shape(numbers))
    return found


def crossed(parts: Iterable[Tokens]) -> Tokens:
    """Give one number for several; 0 where one of them is missing."""
    first, *others = parts
    found, missing = first, first == 0
    for part in others:
        found, missing = mixed(found) ^ part, missing | (part == 0)
    return np.where(missing, np.uint64(0), np.maximum(mixed(found), np.uint64(1)))
