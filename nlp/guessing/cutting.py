"""Stretches cut into words, by how often each word stands somewhere on its own.

A stretch between two known words is often exactly one unknown word. So words are counted as whole
stretches first; then all stretches are cut at least cost, the words of the cuts are counted anew,
and so on: a hard expectation maximisation of a unigram model (de Marcken 1995). A word that was
not seen before costs by its length.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import inf, log

from nlp.guessing.stretches import Piece, Stretch
from nlp.ner.samples import Sample
from nlp.normal import normal

LONGEST = 8  # pieces of a word
ROUNDS = 6
NEW = 4.0  # what a piece of a new word costs, beside the new word itself
RARE = 0.1  # how often a new word counts as seen; of the others, what is kept

Parts = Mapping[Piece, str]  # words by their first piece and the one after their last


def cut(samples: Sequence[Sample], open_stretches: Sequence[Stretch]) -> list[list[Piece]]:
    """Cut every stretch into words; offsets count in its text."""
    parts = [_parts(samples[one.sample].text, one.pieces) for one in open_stretches]
    lengths = [len(one.pieces) for one in open_stretches]
    counts = Counter(part[0, n] for part, n in zip(parts, lengths, strict=True) if n <= LONGEST)
    cuts: list[list[Piece]] = []
    for _ in range(ROUNDS):
        costs = _costs(counts)
        cuts = [_cheapest(part, n, costs) for part, n in zip(parts, lengths, strict=True)]
        both = zip(parts, cuts, strict=True)
        counts = Counter(part[word] for part, words in both for word in words)
    return [_placed(one, words) for one, words in zip(open_stretches, cuts, strict=True)]


def _parts(text: str, pieces: Sequence[Piece]) -> Parts:
    return {
        (first, last): normal(text[pieces[first][0] : pieces[last - 1][1]])
        for first in range(len(pieces))
        for last in range(first + 1, min(len(pieces), first + LONGEST) + 1)
    }


def _costs(counts: Counter[str]) -> dict[str, float]:
    """The cost of a word, and under "" that of a new one; seen once is as good as new."""
    total = log(counts.total() or 1)
    often = {word: times for word, times in counts.items() if times > 1}
    return {"": total - log(RARE)} | {w: total - log(n - 1 + RARE) for w, n in often.items()}


def _cheapest(parts: Parts, length: int, costs: Mapping[str, float]) -> list[Piece]:
    """The cheapest words that make up a stretch, by dynamic programming."""
    least, came = [0.0] + [inf] * length, [0] * (length + 1)
    for (first, last), word in sorted(parts.items(), key=lambda part: part[0][1]):
        cost = least[first] + (costs.get(word) or costs[""] + NEW * (last - first))
        if cost < least[last]:
            least[last], came[last] = cost, first
    return list(_back(came))[::-1]


def _back(came: Sequence[int]) -> Iterator[Piece]:
    last = len(came) - 1
    while last:
        yield came[last], last
        last = came[last]


def _placed(stretch: Stretch, words: Sequence[Piece]) -> list[Piece]:
    pieces = stretch.pieces
    return [(pieces[first][0], pieces[last - 1][1]) for first, last in words]
