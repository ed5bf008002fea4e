"""What is open in partly known titles: stretches that nothing known covers, cut into pieces.

A piece is a Chinese character or a word of another script. Signs end a stretch, and so does a
blank beside a Chinese character: no name goes on behind it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from nlp.ner.samples import Sample

HAN = "\u3400-\u9fff"
_WORD = rf"(?:(?![{HAN}_])\w)+"
_PIECE = re.compile(rf"[{HAN}]|{_WORD}(?:['’&.\-]{_WORD})*")
_BLANKS = (" ", "\u3000")

Piece = tuple[int, int]


class Stretch(NamedTuple):
    """Neighbouring pieces of the sample with this number; offsets count in its text."""

    sample: int
    pieces: tuple[Piece, ...]


def stretches(samples: Sequence[Sample]) -> Iterator[Stretch]:
    """Find what is open in partial samples; in others nothing is."""
    for number, sample in enumerate(samples):
        for start, end in _gaps(sample) if sample.partial else ():
            for pieces in _runs(sample.text, start, end):
                yield Stretch(number, tuple(pieces))


def is_han(letter: str) -> bool:
    """Tell a Chinese character."""
    return HAN[0] <= letter <= HAN[-1]


def _gaps(sample: Sample) -> Iterator[Piece]:
    """Between the spans, before and after them."""
    known = sorted(sample.spans)
    starts = [0, *(span.end for span in known)]
    ends = [*(span.start for span in known), len(sample.text)]
    yield from ((start, end) for start, end in zip(starts, ends, strict=True) if start < end)


def _runs(text: str, start: int, end: int) -> Iterable[list[Piece]]:
    """Pieces that may belong together."""
    run: list[Piece] = []
    for found in _PIECE.finditer(text, start, end):
        if run and not _joined(text, run[-1], found.start()):
            yield run
            run = []
        run.append(found.span())
    if run:
        yield run


def _joined(text: str, last: Piece, start: int) -> bool:
    between = text[last[1] : start]
    if between in _BLANKS:
        return not (is_han(text[last[0]]) or is_han(text[start]))
    return not between
