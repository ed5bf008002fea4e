"""New samples from old ones: an entity gives way to another of its label (Dai and Adel 2020)."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from nlp.ner.samples import Sample, Span

Pools = Mapping[str, Sequence[Sequence[str]]]


def pools_of(samples: Sequence[Sample], gazetteers: Mapping[str, Sequence[str]]) -> Pools:
    """For each label, its entities and the words of the gazetteer that knows most of them."""
    seen: dict[str, list[str]] = {}
    for sample in samples:
        for span in sample.spans:
            seen.setdefault(span.label, []).append(sample.text[span.start : span.end])
    kinds = {kind: set(words) for kind, words in gazetteers.items()}
    pools: dict[str, list[Sequence[str]]] = {label: [words] for label, words in seen.items()}
    for label, entities in seen.items():
        known = Counter({kind: sum(e in words for e in entities) for kind, words in kinds.items()})
        for kind, hits in known.most_common(1):
            pools[label] += [sorted(gazetteers[kind])] if 10 * hits > len(entities) else []
    return pools


def swapped(
    samples: Sequence[Sample], pools: Pools, share: float, chance: np.random.Generator
) -> list[Sample]:
    """In half of the samples, give each entity another surface with this chance."""
    touched = chance.random(len(samples)) < 0.5
    both = zip(samples, touched, strict=True)
    return [_swap(s, pools, share, chance) if touch else s for s, touch in both]


def _swap(sample: Sample, pools: Pools, share: float, chance: np.random.Generator) -> Sample:
    text, spans, done = "", [], 0
    for span in sorted(sample.spans):
        word = sample.text[span.start : span.end]
        if chance.random() < share:
            pool = pools[span.label][int(chance.integers(len(pools[span.label])))]
            word = pool[int(chance.integers(len(pool)))]
        text += sample.text[done : span.start]
        spans.append(Span(len(text), len(text) + len(word), span.label))
        text += word
        done = span.end
    return Sample(text + sample.text[done:], tuple(spans), sample.weight, sample.partial)
