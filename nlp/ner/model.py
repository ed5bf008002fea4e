"""A trained named-entity model: texts in, entities with confidences out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nlp.ner.crf import best, chances
from nlp.ner.features import Features
from nlp.ner.samples import Found, Span
from nlp.ner.scoring import Matrix, Scorer
from nlp.ner.settings import NerSettings
from nlp.ner.tags import Tags

PIECE = 256  # longer texts are read in pieces, so that time grows with length only
TOGETHER = 256  # pieces that are read at once


@dataclass(frozen=True)
class Chain:
    """Scores of steps from tag to tag and of first and last tags, the impossible included."""

    follows: NDArray[np.float64]  # (tags, tags)
    starts: NDArray[np.float64]  # (tags,)
    ends: NDArray[np.float64]  # (tags,)


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
            entities = self._find([piece for _, _, piece in batch])
            for (text, offset, _), ones in zip(batch, entities, strict=True):
                found[text] += [replace(f, start=f.start + offset, end=f.end + offset) for f in ones]
        return found

    def scores(self, texts: Sequence[str]) -> tuple[Matrix, NDArray[np.int64]]:
        """Score the tags of all characters; say where each text begins."""
        slots, bounds = self.features.slots(texts)
        return self.scorer(slots, bounds), bounds

    def _find(self, texts: Sequence[str]) -> list[list[Found]]:
        scores, bounds = self.scores(texts)
        chain = (self.chain.follows, self.chain.starts, self.chain.ends)
        path = best(scores, bounds, *chain)
        sure = chances(scores / self.warmth, bounds, *(c / self.warmth for c in chain), path)
        return [
            [_found(span, sure[low + span.end - 1]) for span in self.tags.spans(path[low:high])]
            for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        ]


def _found(span: Span, chance: float) -> Found:
    return Found(span.start, span.end, span.label, min(1.0, float(chance)))


def _pieces(texts: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Cut texts into pieces that begin where the piece before ends, after a blank if there is one."""
    for number, text in enumerate(texts):
        start = 0
        while start < len(text):
            end = start + PIECE
            blank = text.rfind(" ", start + PIECE // 2, end) + 1
            end = blank if len(text) > end and blank else end
            yield number, start, text[start:end]
            start = end
