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
def _sink(scores: Floats, found: Ints, place: int, size: int) -> None:
    """Let an entry sink in a heap whose worst is the first."""
    while True:
        least, left = place, 2 * place + 1
        if left < size and scores[left] < scores[least]:
            least = left
        if left + 1 < size and scores[left + 1] < scores[least]:
            least = left + 1
        if least == place:
            return
        scores[place], scores[least] = scores[least], scores[place]
        found[place], found[least] = found[least], found[place]
        place = least


@loosely_compiled
def _take(scores: Floats, found: Ints, full: int, total: np.float32, row: int) -> int:
    """Take a row in, in place of the worst where there is no room; give how many are held."""
    if full < scores.shape[0]:
        scores[full], found[full] = total, row
        full += 1
        if full == scores.shape[0]:
            for place in range(full // 2 - 1, -1, -1):
                _sink(scores, found, place, full)
    elif total > scores[0]:
        scores[0], found[0] = total, row
        _sink(scores, found, 0, full)
    return full


@loosely_compiled
def best_of_rows(codes: Small, scales: Floats, query: Floats, rows: Ints, top: int) -> Best:
    """Score some rows; give the best ones, in no order."""
    scores, found = np.empty(top, np.float32), np.empty(top, np.int32)
    full = 0
    for row in rows:
        full = _take(scores, found, full, _score(codes, scales, query, row), row)
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
    full, seen, passed = 0, 0, 0
    judged, far = False, False
    for cell in cells:
        for row in rows[bounds[cell] : bounds[cell + 1]]:
            if skipped[row]:
                continue
            full = _take(scores, found, full, _score(codes, scales, query, row), row)
        seen += bounds[cell + 1] - bounds[cell]
        passed += starts[cell + 1] - starts[cell]
        if not judged and passed >= JUDGED:
            far, judged = seen < LESS * share * passed, True
        if seen >= enough and passed >= least and judged and not far:
            break
    return scores[:full], found[:full]
