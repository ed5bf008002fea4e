"""Hints and opinions of a batch as arrays."""

from collections.abc import Collection, Sequence

import numpy as np

from nlp.ambiguity import Heard
from nlp.annotation import Opinion
from nlp.folding import Folded
from nlp.lexicon import Lexicon, current

_SUREST = 0.98


def heard(
    folded: Folded,
    lexicon: Lexicon,
    hints: Sequence[Collection[int]] | None,
    opinions: Sequence[Sequence[Opinion]] | None,
) -> Heard:
    """What is known beside the texts; unknown tags and facets are passed over."""
    count = len(folded.start) - 1
    hinted, hint = np.zeros(count + 1, np.int64), np.zeros(0, np.int32)
    if hints is not None:
        places = [hint_places(lexicon, tags) for tags in hints]
        hinted[1:] = np.cumsum([len(row) for row in places])
        hint = np.array([place for row in places for place in row], np.int32)
    spoken, rows = np.zeros(count + 1, np.int64), list[tuple[int, int, int, float]]()
    if opinions is not None:
        found = [spoken_in(folded, lexicon, text, said) for text, said in enumerate(opinions)]
        spoken[1:] = np.cumsum([len(row) for row in found])
        rows = [row for some in found for row in some]
    start, end, facet, odds = (np.array(rows, np.float64).reshape(-1, 4)).T
    placed = start.astype(np.int64), end.astype(np.int64), facet.astype(np.int32)
    return Heard(hinted, hint, spoken, *placed, np.ascontiguousarray(odds))


def hint_places(lexicon: Lexicon, tags: Collection[int]) -> list[int]:
    """Places of tags as they are called today."""
    ids = dict.fromkeys(current(lexicon.entries, tag) for tag in sorted(tags))
    return [lexicon.places[tag] for tag in ids if tag in lexicon.places]


def spoken_in(
    folded: Folded, lexicon: Lexicon, text: int, said: Sequence[Opinion]
) -> list[tuple[int, int, int, float]]:
    """Opinions about one text, in positions of the folded codes."""
    low, high = int(folded.start[text]), int(folded.start[text + 1])
    first = folded.first[low:high]
    rows = []
    for one in said:
        if one.facet in lexicon.facets:
            begin, end = np.searchsorted(first, (one.start, one.end))
            sure = min(max(one.confidence, 1 - _SUREST), _SUREST)
            odds = float(np.log(sure / (1 - sure)))
            rows.append((low + int(begin), low + int(end), lexicon.facets.index(one.facet), odds))
    return rows
