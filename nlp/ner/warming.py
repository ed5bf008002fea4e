"""Calibration: how far scores must be divided for confidences to be true (Guo et al. 2017)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nlp.ner.crf import expected
from nlp.ner.model import NerModel
from nlp.ner.samples import Sample

WARMTHS = tuple(np.geomspace(0.5, 4.0, 31).tolist())


def warmed(model: NerModel, held_out: Sequence[Sample]) -> NerModel:
    """Choose the warmth under which held-out annotations are likeliest."""
    samples = [sample for sample in held_out if sample.text and not sample.partial]
    known = [s for s in samples if {span.label for span in s.spans} <= set(model.tags.labels)]
    if not known:
        return model
    return replace(model, warmth=min(WARMTHS, key=lambda warmth: _surprise(model, known, warmth)))


def _surprise(model: NerModel, samples: Sequence[Sample], warmth: float) -> float:
    """Minus the logarithm of the probability of the annotations."""
    scores, bounds = model.scores([sample.text for sample in samples])
    allowed = np.concatenate([model.tags.allowed(sample) for sample in samples])
    follows, starts, ends = model.chain.over(warmth).matrices(model.tags)
    heat = scores.astype(np.float64) / warmth
    factors = np.ones(len(samples))
    free, held = (
        expected(heat, may, bounds, factors, follows, starts, ends)[0]
        for may in (np.ones_like(allowed), allowed)
    )
    return float((free - held).sum())
