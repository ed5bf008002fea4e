"""Putting loose edges in their rows while they come, without keeping them twice."""

import numpy as np

from nlp.compiled import Doubles, Floats, Ints, Longs, compiled


@compiled
def place(
    sources: Ints, targets: Ints, weights: Doubles, ends: Longs, limits: Longs, to: Ints, on: Floats
) -> bool:
    """Put each edge behind the last one of its source; tell whether all had a place."""
    for edge in range(len(sources)):
        source = sources[edge]
        if source < 0 or targets[edge] < 0 or ends[source] == limits[source]:
            return False
        to[ends[source]] = targets[edge]
        on[ends[source]] = weights[edge]
        ends[source] += 1
    return True


@compiled
def sort_rows(starts: Longs, targets: Ints, weights: Floats) -> None:
    """Sort the edges of each source by their target."""
    for source in range(len(starts) - 1):
        begin, end = starts[source], starts[source + 1]
        order = np.argsort(targets[begin:end])
        targets[begin:end] = targets[begin:end][order]
        weights[begin:end] = weights[begin:end][order]
