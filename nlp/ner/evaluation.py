"""How good a model is: precision, recall and F1 of whole entities."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.ner.samples import Found, Sample, Span


@dataclass(frozen=True)
class Quality:
    """How many entities were right, how many were found and how many there are."""

    right: int
    found: int
    there: int

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is there that was found."""
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.found + self.there
        return 2 * self.right / both if both else 0.0


@dataclass(frozen=True)
class Report:
    """The quality over all entities and by label."""

    overall: Quality
    labels: dict[str, Quality]


def evaluate(samples: Sequence[Sample], found: Iterable[Iterable[Span | Found]]) -> Report:
    """Compare what was found in the texts of samples with what is there."""
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for sample, mine in zip(samples, found, strict=True):
        spans = {Span(one.start, one.end, one.label) for one in mine}
        right.update(span.label for span in spans.intersection(sample.spans))
        seen.update(span.label for span in spans)
        there.update(span.label for span in set(sample.spans))
    labels = sorted(seen.keys() | there.keys())
    return Report(
        Quality(right.total(), seen.total(), there.total()),
        {label: Quality(right[label], seen[label], there[label]) for label in labels},
    )
