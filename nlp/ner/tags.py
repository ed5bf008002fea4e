"""The tags of characters: BIEOS, which may follow which, and what entities they spell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nlp.ner.samples import Sample, Span

IMPOSSIBLE = -1e4  # the score of what may not be; its exponential is zero


@dataclass(frozen=True)
class Tags:
    """Tag 0 is O; label `k` has B, I, E and S at `4k+1` to `4k+4`."""

    labels: tuple[str, ...]

    def __len__(self) -> int:
        return 1 + 4 * len(self.labels)

    @cached_property
    def follows(self) -> NDArray[np.float64]:
        """Zero where the second tag may follow the first, else IMPOSSIBLE."""  # (tags, tags)
        inside = np.add.outer(_needs_more(len(self)), np.zeros(len(self), bool))
        goes_on = np.add.outer(np.zeros(len(self), bool), _goes_on(len(self)))
        label = (np.arange(len(self)) + 3) // 4
        may = (inside == goes_on) & (~inside | np.equal.outer(label, label))
        return np.where(may, 0.0, IMPOSSIBLE)

    @cached_property
    def starts(self) -> NDArray[np.float64]:
        """Zero where a text may begin with the tag."""  # (tags,)
        return np.where(_goes_on(len(self)), IMPOSSIBLE, 0.0)

    @cached_property
    def ends(self) -> NDArray[np.float64]:
        """Zero where a text may end with the tag."""  # (tags,)
        return np.where(_needs_more(len(self)), IMPOSSIBLE, 0.0)

    def spelled(self, spans: Iterable[Span], length: int) -> NDArray[np.int64]:
        """Write entities as tags."""  # (length,)
        tags = np.zeros(length, np.int64)
        for span in spans:
            first = 4 * self.labels.index(span.label) + 1
            tags[span.start : span.end] = first + 1
            tags[span.end - 1] = first + 2
            tags[span.start] = first if span.end - span.start > 1 else first + 3
        return tags

    def allowed(self, sample: Sample) -> NDArray[np.bool_]:
        """Say which tags every character may have."""  # (length, tags)
        tags = self.spelled(sample.spans, len(sample.text))
        may = np.zeros((len(tags), len(self)), np.bool_)
        may[np.arange(len(tags)), tags] = True
        if sample.partial:
            may[tags == 0] = True
        return may

    def spans(self, tags: Sequence[int]) -> list[Span]:
        """Read entities off a permitted sequence of tags."""
        found = []
        start = 0
        for place, tag in enumerate(tags):
            part = (tag - 1) % 4
            if tag and part in (0, 3):
                start = place
            if tag and part in (2, 3):
                found.append(Span(start, place + 1, self.labels[(tag - 1) // 4]))
        return found


def tags_of(samples: Iterable[Sample]) -> Tags:
    """The tags for all labels of these samples."""
    return Tags(tuple(sorted({span.label for sample in samples for span in sample.spans})))


def steps_within(labels: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """From begin to inside and end, from inside to inside and end, by label."""
    begins = 4 * np.arange(labels)[:, None] + 1
    return begins + np.array([0, 0, 1, 1]), begins + np.array([1, 2, 1, 2])  # (labels, 4) both


def _needs_more(count: int) -> NDArray[np.bool_]:
    """B and I: the entity is not over yet."""
    tags = np.arange(count)
    return np.asarray((tags > 0) & np.isin((tags - 1) % 4, (0, 1)))


def _goes_on(count: int) -> NDArray[np.bool_]:
    """I and E: the entity began before."""
    tags = np.arange(count)
    return np.asarray((tags > 0) & np.isin((tags - 1) % 4, (1, 2)))
