"""Parts of the graph between which no edge goes, found while edges stream by."""

import numpy as np

from nlp.compiled import Ints, compiled


@compiled
def join(above: Ints, left: Ints, right: Ints) -> None:
    """Put the ends of each edge into one part: `above` leads from each node up to its part."""
    for edge in range(len(left)):
        one, other = left[edge], right[edge]
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        while above[other] != other:
            above[other] = above[above[other]]
            other = above[other]
        if one < other:
            above[other] = one
        else:
            above[one] = other


def sizes(above: Ints, touched: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
    """Give the sizes of all parts, the largest first; nodes without an edge are in none."""
    roots = above
    while not np.array_equal(roots[roots], roots):
        roots = roots[roots]
    counts = np.bincount(roots[touched])
    return np.sort(counts[counts > 0])[::-1].astype(np.int32)
