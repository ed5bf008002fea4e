"""A trained named-entity model: texts in, entities with confidences out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np

from nlp.collecting import collector_held
from nlp.compiled import Doubles, Floats, Longs
from nlp.ner.chain import Chain
from nlp.ner.decoding import best, chances
from nlp.ner.features import Features
from nlp.ner.samples import Found
from nlp.ner.scoring import Scorer
from nlp.ner.settings import NerSettings
from nlp.ner.tags import Tags

PIECE = 256  # longer texts are read in pieces, so that time grows with length only
TOGETHER = 256  # pieces that are read at once


@dataclass(frozen=True)
class NerModel:
    """Everything that finding entities needs; nothing of it knows how it was trained."""

    settings: NerSettings
    tags: Tags
    features: Features
    scorer: Scorer
    chain: Chain
    warmth: float = 1.0  # confidences are those of scores divided by this (Guo et al. 2017)

    def knowing(self, gazetteers: Mapping[str, Sequence[str]]) -> "NerModel":
        """The same model over other words in its gazetteers."""
        return replace(self, features=self.features.knowing(gazetteers))

    def find(self, texts: Sequence[str]) -> list[list[Found]]:
        """Find the entities of every text; offsets count characters of the text as given."""
        with collector_held():
            found, places = self._found(list(_pieces(texts)))
            bounds = np.searchsorted(places, np.arange(len(texts) + 1)).tolist()
            return [found[low:high] for low, high in pairwise(bounds)]

    def scores(self, texts: Sequence[str]) -> tuple[Floats, Longs]:
        """Score the tags of all characters; say where each text begins."""
        slots, bounds = self.features.slots(texts)
        return self.scorer(slots, bounds), bounds

    def _found(self, pieces: Sequence[tuple[int, int, str]]) -> tuple[list[Found], list[int]]:
        """All entities of all pieces, and the number of each one's text."""
        found: list[Found] = []
        places: list[int] = []
        for first in range(0, len(pieces), TOGETHER):
            numbers, offsets, parts = zip(*pieces[first : first + TOGETHER], strict=True)
            inside, start, end, labels, sure = self._find(parts)
            begin = np.array(offsets)[inside]
            columns = ((begin + start).tolist(), (begin + end).tolist(), labels, sure.tolist())
            found += map(partial(tuple.__new__, Found), zip(*columns, strict=True))
            places += np.array(numbers)[inside].tolist()
        return found, places

    def _find(self, texts: Sequence[str]) -> tuple[Longs, Longs, Longs, list[str], Doubles]:
        """Number of the text, start, end, label and chance of every entity."""
        scores, bounds = self.scores(texts)
        path = best(scores, bounds, self.chain)
        warmth = np.float32(self.warmth)
        sure = chances(scores / warmth, bounds, self.chain.over(self.warmth), path)
        part = np.where(path > 0, (path - 1) % 4, -1)  # begins, inside, ends, single
        starts = np.flatnonzero((part == 0) | (part == 3))
        ends = np.flatnonzero(part >= 2)
        inside = np.searchsorted(bounds, starts, "right") - 1
        labels = [self.tags.labels[label] for label in ((path[ends] - 1) // 4).tolist()]
        low = bounds[inside]
        return inside, starts - low, ends + 1 - low, labels, np.minimum(1.0, sure[ends])


def _pieces(texts: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Cut texts into pieces, each beginning where the one before ends, after a blank if any."""
    for number, text in enumerate(texts):
        start = 0
        while len(text) - start > PIECE:
            end = start + PIECE
            blank = text.rfind(" ", start + PIECE // 2, end) + 1
            yield number, start, text[start : blank or end]
            start = blank or end
        if start < len(text):
            yield number, start, text[start:]
