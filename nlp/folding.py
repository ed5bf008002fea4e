"""Fold many texts at once: compared characters, and where in the original each one stood."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from nlp.characters import DROPPED, SEVERAL, Characters, characters
from nlp.comparing import BLANK
from nlp.compiled import Bytes, Codes, Ints, Longs, compiled

_BLANK = np.uint32(ord(BLANK))


class Folded(NamedTuple):
    """Texts end to end; text `t` is `codes[start[t]:start[t + 1]]`."""

    codes: Codes
    kind: Bytes
    first: Ints  # of each code, the offset of its character in the original text
    last: Ints  # and the offset after it and its marks
    start: Longs


def fold(texts: Sequence[str]) -> Folded:
    """Fold a batch of texts."""
    codes = encode(texts)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.cumsum(lengths)
    return fold_codes(codes, ends, characters())


def encode(texts: Iterable[str]) -> Codes:
    """Code points of all texts, lone surrogates among them."""
    return np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)


def decode(codes: Codes) -> str:
    """Folded codes as a string of the same length."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def fold_codes(codes: Codes, ends: Longs, table: Characters) -> Folded:
    """Measure first, then write."""
    size = folded_size(codes, table.folded, table.first)
    out, kind = np.empty(size, np.uint32), np.empty(size, np.uint8)
    first, last = np.empty(size, np.int32), np.empty(size, np.int32)
    start = np.zeros(len(ends) + 1, np.int64)
    used = fold_all(codes, ends, table, out, first, last, start)
    out, first, last = out[:used], first[:used], last[:used]
    kind = table.kind[out]
    return Folded(out, kind, first, last, start)


@compiled
def folded_size(codes: Codes, folded: Codes, first: Ints) -> int:
    """Give room for every character and all it unfolds to."""
    size = len(codes)
    for code in codes:
        if folded[code] == SEVERAL:
            size += first[code + 1] - first[code]
    return size


@compiled
def fold_all(
    codes: Codes, ends: Longs, table: Characters, out: Codes, first: Ints, last: Ints, start: Longs
) -> int:
    """Fold text after text."""
    used, begin = 0, 0
    for text in range(len(ends)):
        used = fold_one(codes[begin : ends[text]], table, out, first, last, used)
        begin = ends[text]
        start[text + 1] = used
    return used


@compiled
def fold_one(
    codes: Codes, table: Characters, out: Codes, first: Ints, last: Ints, used: int
) -> int:
    """Fold one text behind what is there; of several blanks the first is kept."""
    origin = used
    for at in range(len(codes)):
        code = codes[at]
        form = table.folded[code]
        if form == SEVERAL:
            for more in range(table.first[code], table.first[code + 1]):
                used = put(table.more[more], at, origin, out, first, last, used)
        elif form != DROPPED:
            used = put(form, at, origin, out, first, last, used)
        elif used > origin and table.mark[code] and last[used - 1] == at:
            last[used - 1] = at + 1
    return used


@compiled
def put(form: int, at: int, origin: int, out: Codes, first: Ints, last: Ints, used: int) -> int:
    """Write one code, unless it is a blank too many."""
    if form == _BLANK and (used == origin or out[used - 1] == _BLANK):
        return used
    out[used], first[used], last[used] = form, at, at + 1
    return used + 1
