"""Which items are liked by the same persons, item by item, and the best few of each."""

from collections.abc import Callable

import numpy as np

from graph.graph import Edges, Floats, Numbers, turned
from graph.products import in_blocks
from nlp.compiled import Doubles, Flags, Ints, Longs, compiled
from nlp.compiled import Floats as Singles
from recall.floors import balanced

Lists = tuple[Numbers, Floats]  # (rows, top) items, -1 where there are no more, and scores
Count = Callable[[Numbers], Lists]


def cosines(liked: Edges, usable: Flags, top: int, threads: int = 1) -> Count:
    """Count as ItemCF does: cosine of items, each person's share shrinking with what they like."""
    forth = balanced(liked, len(usable), 0.5, 0.5)
    back = turned(forth, len(usable))
    sides = (*_arrays(back), *_arrays(forth))

    def count(rows: Numbers) -> Lists:
        found, scores = _empty(len(rows), top)

        def block(first: int, last: int) -> None:
            _cosines(rows, *sides, usable, found, scores, first, last)

        in_blocks(block, len(rows), threads)
        return found, scores

    return count


def swings(
    liked: Edges, usable: Flags, top: int, smooth: float, most: int, threads: int = 1
) -> Count:
    """Count pairs of persons who both like two items, the less else they share the more.

    Yang et al.: Large Scale Product Graph Construction for Recommendation in E-commerce (2020).
    """
    back = turned(liked, len(usable))
    sides = (back.starts, back.targets, liked.starts, liked.targets)

    def count(rows: Numbers) -> Lists:
        found, scores = _empty(len(rows), top)

        def block(first: int, last: int) -> None:
            _swings(rows, *sides, usable, smooth, most, found, scores, first, last)

        in_blocks(block, len(rows), threads)
        return found, scores

    return count


def _arrays(edges: Edges) -> tuple[Longs, Ints, Singles]:
    return edges.starts, edges.targets, edges.weights


def _empty(rows: int, top: int) -> Lists:
    return np.full((rows, top), -1, np.int32), np.zeros((rows, top), np.float32)


@compiled
def _take(sums: Doubles, met: Ints, found: Ints, scores: Singles) -> None:
    """Write the best of what was met, and clear the sums for the next row."""
    met = np.sort(met)
    values = np.empty(len(met), np.float64)
    for place in range(len(met)):
        values[place] = -np.float64(np.float32(sums[met[place]]))
        sums[met[place]] = 0
    order = np.argsort(values, kind="mergesort")
    for rank in range(min(len(order), len(found))):
        found[rank] = met[order[rank]]
        scores[rank] = -values[order[rank]]


@compiled
def _cosines(
    rows: Ints,
    back_starts: Longs,
    back_targets: Ints,
    back_weights: Singles,
    starts: Longs,
    targets: Ints,
    weights: Singles,
    usable: Flags,
    found: Ints,
    scores: Singles,
    first: int,
    last: int,
) -> None:
    sums, met = np.zeros(len(usable)), np.empty(len(usable), np.int32)
    for row in range(first, last):
        own, count = rows[row], 0
        for place in range(back_starts[own], back_starts[own + 1]):
            person, weight = back_targets[place], back_weights[place]
            for step in range(starts[person], starts[person + 1]):
                other = targets[step]
                if other != own and usable[other]:
                    if sums[other] == 0:
                        met[count] = other
                        count += 1
                    sums[other] += np.float64(weight) * weights[step]
        _take(sums, met[:count], found[row], scores[row])


@compiled
def _swings(
    rows: Ints,
    back_starts: Longs,
    back_targets: Ints,
    starts: Longs,
    targets: Ints,
    usable: Flags,
    smooth: float,
    most: int,
    found: Ints,
    scores: Singles,
    first: int,
    last: int,
) -> None:
    sums, met = np.zeros(len(usable)), np.empty(len(usable), np.int32)
    mark = np.full(len(usable), -1, np.int64)
    stamp = 0
    for row in range(first, last):
        own, count = rows[row], 0
        begin, many = back_starts[own], back_starts[own + 1] - back_starts[own]
        kept = min(many, most)
        for one in range(kept):
            person = back_targets[begin + one * many // kept]
            stamp += 1
            for step in range(starts[person], starts[person + 1]):
                mark[targets[step]] = stamp
            mine = 1 / np.sqrt(starts[person + 1] - starts[person])
            for two in range(one + 1, kept):
                peer = back_targets[begin + two * many // kept]
                shared = 0
                for step in range(starts[peer], starts[peer + 1]):
                    shared += mark[targets[step]] == stamp
                worth = mine / np.sqrt(starts[peer + 1] - starts[peer]) / (smooth + shared)
                for step in range(starts[peer], starts[peer + 1]):
                    other = targets[step]
                    if mark[other] == stamp and other != own and usable[other]:
                        if sums[other] == 0:
                            met[count] = other
                            count += 1
                        sums[other] += worth
        _take(sums, met[:count], found[row], scores[row])
