"""New Chinese words: stretches of characters that hold together and stand in many surroundings.

Cohesion is the smallest pointwise mutual information over all ways to cut the stretch in two;
freedom is the smaller of the entropies of its left and right neighbours. An edge of a run of
characters counts as a neighbour of its own each time.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from math import log

import polars as pl

from nlp.keywords import batches, roomy
from nlp.normal import normal

LONGEST = 5
_ROOM = 2_000_000
_HAN = re.compile(r"[一-鿕]+")
_COLUMNS = {"word": pl.String, "count": pl.Int64, "cohesion": pl.Float64, "freedom": pl.Float64}


def new_words(
    texts: Iterable[str],
    known: Collection[str] = (),
    at_least: int = 5,
    cohesion: float = 2.0,
    freedom: float = 1.0,
    room: int = _ROOM,
) -> pl.DataFrame:
    """Words beside the known ones with their count, cohesion and freedom; frequent ones first."""
    counts, size = Counter[str](), 0
    for batch in batches(texts):
        runs = [run for text in batch for run in _HAN.findall(normal(text))]
        size += sum(map(len, runs))
        counts.update(gram for run in runs for gram in grams(run))
        counts = roomy(counts, room)
    often = {gram: times for gram, times in counts.items() if times >= at_least}
    left, right = neighbours(counts, often)
    rows = [
        (word, times, held, free)
        for word, times in often.items()
        if 2 <= len(word) <= LONGEST and word not in known
        if (held := holds(word, counts, size)) >= cohesion
        if (free := min(entropy(left[word], times), entropy(right[word], times))) >= freedom
    ]
    return pl.DataFrame(rows, _COLUMNS, orient="row").sort(
        ["count", "word"], descending=[True, False]
    )


def spotter(words: Collection[str]) -> Callable[[str], set[str]]:
    """Give what finds these words in a text, wherever they stand."""
    known = frozenset(words)
    return (lambda text: stretches(text) & known) if known else lambda _: set()


def stretches(text: str) -> set[str]:
    """Give all neighbouring characters of a text that may be a word."""
    return {gram for run in _HAN.findall(normal(text)) for gram in grams(run)}


def grams(run: str) -> Iterator[str]:
    """Stretches of up to one character more than the longest word."""
    for low in range(len(run)):
        for high in range(low + 1, min(low + LONGEST + 1, len(run)) + 1):
            yield run[low:high]


def holds(word: str, counts: Counter[str], size: int) -> float:
    """How much more often the halves meet than by chance, for the weakest seam."""
    parts = (counts[word[:at]] * counts[word[at:]] for at in range(1, len(word)))
    return log(counts[word] * size / max(1, *parts))


def neighbours(
    counts: Counter[str], often: Collection[str]
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """How often each neighbour stands to the left and to the right of the frequent words."""
    left: dict[str, list[int]] = {word: [] for word in often}
    right: dict[str, list[int]] = {word: [] for word in often}
    for gram, times in counts.items():
        if gram[1:] in left:
            left[gram[1:]].append(times)
        if gram[:-1] in right:
            right[gram[:-1]].append(times)
    return left, right


def entropy(beside: list[int], times: int) -> float:
    """Of the neighbours; the rest stood at an edge."""
    edges = max(0, times - sum(beside))
    return -sum(part / times * log(part / times) for part in beside) + edges / times * log(times)
