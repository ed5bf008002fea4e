"""Compiled loops over vectors of small whole numbers: which rows score best."""

import numpy as np

from nlp.compiled import Bytes, Floats, Ints, Longs, loosely_compiled

Small = np.ndarray[tuple[int, int], np.dtype[np.int8]]
Best = tuple[Floats, Ints]


@loosely_compiled
def best_of_rows(codes: Small, scales: Floats, query: Floats, rows: Ints, top: int) -> Best:
    """Score some rows; give the best ones, in no order."""
    scores, found = np.empty(top, np.float32), np.empty(top, np.int32)
    full, worst = 0, 0
    for row in rows:
        total = np.float32(0)
        for place in range(query.shape[0]):
            total += query[place] * np.float32(codes[row, place])
        total *= scales[row]
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
    allowed: Bytes,
    enough: int,
    share: float,
    top: int,
) -> Best:
    """Score what is allowed, cell by cell, until enough is seen; give the best, in no order."""
    scores, found = np.empty(top, np.float32), np.empty(top, np.int32)
    full, worst, seen, passed = 0, 0, 0, 0
    for cell in cells:
        for row in range(starts[cell], starts[cell + 1]):
            if not allowed[row]:
                continue
            seen += 1
            total = np.float32(0)
            for place in range(query.shape[0]):
                total += query[place] * np.float32(codes[row, place])
            total *= scales[row]
            if full < top:
                scores[full], found[full] = total, row
                full += 1
                if full == top:
                    worst = int(np.argmin(scores))
            elif total > scores[worst]:
                scores[worst], found[worst] = total, row
                worst = int(np.argmin(scores))
        passed += starts[cell + 1] - starts[cell]
        if seen >= enough and 2 * seen >= share * passed:
            break
    return scores[:full], found[:full]
