"""Hints and opinions of a batch as arrays."""

from collections.abc import Collection, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from nlp.ambiguity import Heard
from nlp.annotation import Opinion
from nlp.compiled import Doubles, Ints, Longs
from nlp.folding import Folded
from nlp.lexicon import Lexicon, current

_SUREST = 0.98
_APART = 1 << 32  # more than any text has characters


class Said(NamedTuple):
    """Opinions on all texts in order, with offsets into the originals."""

    first: Longs  # by text: where its opinions begin; one more at the end
    text: Longs
    start: Longs
    end: Longs
    facet: tuple[str, ...]
    confidence: Doubles


def said(opinions: Sequence[Sequence[Opinion]]) -> Said:
    """Lay out opinions side by side."""
    counts = np.fromiter(map(len, opinions), np.int64, len(opinions))
    every = list(chain.from_iterable(opinions))
    start, end, facet, sure = zip(*every, strict=True) if every else ((),) * 4
    return Said(
        np.concatenate([[0], np.cumsum(counts)]),
        np.repeat(np.arange(len(counts)), counts),
        np.array(start, np.int64),
        np.array(end, np.int64),
        facet,
        np.array(sure, np.float64),
    )


def heard(
    folded: Folded, lexicon: Lexicon, hints: Sequence[Collection[int]] | None, said: Said | None
) -> Heard:
    """What is known beside the texts; unknown tags and facets are passed over."""
    count = len(folded.start) - 1
    hinted, hint = np.zeros(count + 1, np.int64), np.zeros(0, np.int32)
    if hints is not None:
        places = [hint_places(lexicon, tags) for tags in hints]
        hinted[1:] = np.cumsum([len(row) for row in places])
        hint = np.array([place for row in places for place in row], np.int32)
    return Heard(hinted, hint, *spoken(folded, lexicon, said or silence(count)))


def silence(count: int) -> Said:
    """No opinion on so many texts."""
    return said([()] * count)


def hint_places(lexicon: Lexicon, tags: Collection[int]) -> list[int]:
    """Places of tags as they are called today."""
    ids = dict.fromkeys(current(lexicon.entries, tag) for tag in sorted(tags))
    return [lexicon.places[tag] for tag in ids if tag in lexicon.places]


def spoken(
    folded: Folded, lexicon: Lexicon, said: Said
) -> tuple[Longs, Longs, Longs, Ints, Doubles]:
    """Opinions of facets that are known, in positions of the folded codes, with their odds."""
    places = {facet: at for at, facet in enumerate(lexicon.facets)}
    facet = np.array([places.get(name, -1) for name in said.facet], np.int32)
    known = np.flatnonzero(facet >= 0)
    every = np.repeat(np.arange(len(folded.start) - 1), np.diff(folded.start))
    offsets = keys(every, folded.first)
    text = said.text[known]
    sure = np.clip(said.confidence[known], 1 - _SUREST, _SUREST)
    return (
        np.searchsorted(known, said.first),
        np.searchsorted(offsets, keys(text, said.start[known])),
        np.searchsorted(offsets, keys(text, said.end[known])),
        facet[known],
        np.log(sure / (1 - sure)),
    )


def keys(text: Longs, offset: Longs | Ints) -> Longs:
    """Offsets of all texts in one order."""
    return text * _APART + offset
