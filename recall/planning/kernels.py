"""Compiled loops over vectors of small whole numbers: which rows score best."""

import numpy as np

from nlp.compiled import Bytes, Floats, Ints, Longs, loosely_compiled

JUDGED, LESS = 2_000, 0.75  # rows that tell whether what is allowed is near; of the share
Small = np.ndarray[tuple[int, int], np.dtype[np.int8]]
Best = tuple[Floats, Ints]


@loosely_compiled
def _score(codes: Small, scales: Floats, query: Floats, row: int) -> np.float32:
    total = np.float32(0)
    for place in range(query.shape[0]):
        total += query[place] * np.float32(codes[row, place])
    return np.float32(total * scales[row])


@loosely_compiled
def best_of_rows(codes: Small, scales: Floats, query: Floats, rows: Ints, top: int) -> Best:
    """Score some rows; give the best ones, in no order."""
    scores, found = np.empty(top, np.float32), np.empty(top, np.int32)
    full, worst = 0, 0
    for row in rows:
        total = _score(codes, scales, query, row)
        if full < top:
            scores[full], found[full] = total, row
            full += 1
            if full == top:
                worst = int(np.argmin(scores))
        elif total > scores[worst]:
            scores[worst], found[worst] = total, row
            worst = int(np.argmin(scores))
    return scores[:full], found[:full]


@loosely_compiled
def best_of_cells(
    codes: Small,
    scales: Floats,
    query: Floats,
    starts: Longs,
    cells: Longs,
    rows: Ints,
    bounds: Longs,
    skipped: Bytes,
    enough: int,
    least: int,
    share: float,
    top: int,
) -> Best:
    """Score what is allowed, cell by cell, until enough is seen; give the best, in no order.

    The allowed rows of a cell lie in `rows` between its bounds. At least `least` rows are passed,
    allowed or not. Where much less than the share is met in the nearest cells, what is allowed
    lies far away, and all of it is looked through.
    """
    scores, found = np.empty(top, np.float32), np.empty(top, np.int32)
    full, worst, seen, passed = 0, 0, 0, 0
    judged, far = False, False
    for cell in cells:
        for row in rows[bounds[cell] : bounds[cell + 1]]:
            if skipped[row]:
                continue
            total = _score(codes, scales, query, row)
            if full < top:
                scores[full], found[full] = total, row
                full += 1
                if full == top:
                    worst = int(np.argmin(scores))
            elif total > scores[worst]:
                scores[worst], found[worst] = total, row
                worst = int(np.argmin(scores))
        seen += bounds[cell + 1] - bounds[cell]
        passed += starts[cell + 1] - starts[cell]
        if not judged and passed >= JUDGED:
            far, judged = seen < LESS * share * passed, True
        if seen >= enough and passed >= least and judged and not far:
            break
    return scores[:full], found[:full]
