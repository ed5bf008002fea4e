"""A trained named-entity model: texts in, entities with confidences out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nlp.compiled import Doubles, Longs
from nlp.ner.crf import best, chances
from nlp.ner.features import Features
from nlp.ner.samples import Found
from nlp.ner.scoring import Scorer
from nlp.ner.settings import NerSettings
from nlp.ner.tags import Tags

PIECE = 256  # longer texts are read in pieces, so that time grows with length only
TOGETHER = 256  # pieces that are read at once


@dataclass(frozen=True)
class Chain:
    """Scores of steps from tag to tag and of first and last tags, the impossible included."""

    follows: Doubles  # (tags, tags)
    starts: Doubles  # (tags,)
    ends: Doubles  # (tags,)

    def over(self, warmth: float) -> "Chain":
        """The chain of scores that are divided by this."""
        return Chain(self.follows / warmth, self.starts / warmth, self.ends / warmth)


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
        found: list[list[Found]] = [[] for _ in texts]
        pieces = list(_pieces(texts))
        for first in range(0, len(pieces), TOGETHER):
            batch = pieces[first : first + TOGETHER]
            for piece, start, end, label, chance in self._find([piece for _, _, piece in batch]):
                text, offset, _ = batch[piece]
                found[text].append(Found(start + offset, end + offset, label, min(1.0, chance)))
        return found

    def scores(self, texts: Sequence[str]) -> tuple[Doubles, Longs]:
        """Score the tags of all characters; say where each text begins."""
        slots, bounds = self.features.slots(texts)
        return self.scorer(slots, bounds).astype(np.float64), bounds

    def _find(self, texts: Sequence[str]) -> Iterator[tuple[int, int, int, str, float]]:
        """Number of the text, start, end, label and chance of every entity."""
        scores, bounds = self.scores(texts)
        chain, cool = self.chain, self.chain.over(self.warmth)
        path = best(scores, bounds, chain.follows, chain.starts, chain.ends)
        sure = chances(scores / self.warmth, bounds, cool.follows, cool.starts, cool.ends, path)
        part = np.where(path > 0, (path - 1) % 4, -1)  # begins, inside, ends, single
        starts = np.flatnonzero((part == 0) | (part == 3))
        ends = np.flatnonzero(part >= 2)
        inside = np.searchsorted(bounds, starts, "right") - 1
        low = bounds[inside]
        labels = (self.tags.labels[label] for label in ((path[ends] - 1) // 4).tolist())
        numbers = (inside, starts - low, ends + 1 - low, sure[ends])
        texts_of, begins, closes, chance = (part.tolist() for part in numbers)
        return zip(texts_of, begins, closes, labels, chance, strict=True)


def _pieces(texts: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Cut texts into pieces, each beginning where the one before ends, after a blank if any."""
    for number, text in enumerate(texts):
        start = 0
        while start < len(text):
            end = start + PIECE
            blank = text.rfind(" ", start + PIECE // 2, end) + 1
            end = blank if len(text) > end and blank else end
            yield number, start, text[start:end]
            start = end
