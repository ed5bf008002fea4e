"""Samples as numbers, and batches of them as the network wants them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from nlp.ner.features import UNSEEN, Features
from nlp.ner.layout import bounds_of, lay_out
from nlp.ner.samples import Sample
from nlp.ner.settings import NerSettings
from nlp.ner.tags import Tags

T = TypeVar("T", np.int64, np.float32)


@dataclass(frozen=True)
class Lesson:
    """All samples, one after another."""

    slots: NDArray[np.int64]  # (characters, slots)
    bounds: NDArray[np.int64]  # (samples + 1,)
    allowed: NDArray[np.bool_]  # (characters, tags)
    factors: NDArray[np.float64]  # (samples,)


@dataclass(frozen=True)
class Batch:
    """Some samples in rows with gaps, as the network reads them, and what they should be."""

    slots: NDArray[np.int64]  # (rows, slots)
    stands: NDArray[np.float32]  # (rows, 1): one where a character stands
    texts: NDArray[np.int64]  # (rows,): the number of the row's sample
    rows: NDArray[np.int64]  # (characters,)
    allowed: NDArray[np.bool_]  # (characters, tags)
    bounds: NDArray[np.int64]  # (samples + 1,)
    factors: NDArray[np.float64]  # (samples,): they sum to one


def lesson_of(samples: Sequence[Sample], features: Features, tags: Tags) -> Lesson:
    """Number all samples."""
    slots, bounds = features.slots([sample.text for sample in samples])
    allowed = np.concatenate([tags.allowed(sample) for sample in samples])
    return Lesson(slots, bounds, allowed, np.array([sample.weight for sample in samples]))


def batch_of(
    lesson: Lesson, chosen: NDArray[np.int64], settings: NerSettings, chance: np.random.Generator
) -> Batch:
    """Lay out the chosen samples with some of what they show hidden."""
    gap = max(settings.dilations)
    characters, rows, texts = lay_out(lesson.bounds, chosen, gap)
    length = len(characters) + gap * (len(chosen) + 1)
    shown = lesson.slots[characters]
    _hide(shown, texts, settings, chance)
    return Batch(
        slots=_spread(shown, rows, length),
        stands=_spread(np.ones((len(rows), 1), np.float32), rows, length),
        texts=np.asarray(np.maximum.accumulate(_spread(texts, rows, length))),
        rows=rows,
        allowed=lesson.allowed[characters],
        bounds=bounds_of(lesson.bounds, chosen),
        factors=lesson.factors[chosen] / lesson.factors[chosen].sum(),
    )


def _spread(values: NDArray[T], rows: NDArray[np.int64], length: int) -> NDArray[T]:
    spread = np.zeros((length, *values.shape[1:]), values.dtype)
    spread[rows] = values
    return spread


def _hide(
    slots: NDArray[np.int64],
    texts: NDArray[np.int64],
    settings: NerSettings,
    chance: np.random.Generator,
) -> None:
    """Hide some letters, some pairs and the matches of some texts, so that none is relied on."""
    for slot, share in enumerate((1, 2, 2)):
        slots[chance.random(len(slots)) < share * settings.hide_letters, slot] = UNSEEN
    plain = chance.random(int(texts[-1]) + 1) < settings.hide_gazetteers
    slots[plain[texts], 5:] = 0
