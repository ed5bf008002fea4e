import random

from nlp.annotating import Reading, annotate
from nlp.confidence import calibrate, calibration_error


def samples(count, truth):
    rng = random.Random(5)
    given = [rng.random() for _ in range(count)]
    return [(raw, rng.random() < truth(raw)) for raw in given]


def test_calibration_makes_overconfidence_honest():
    seen = samples(4000, lambda raw: raw * raw)
    fixed = calibrate(seen[:2000])
    import numpy as np

    after = [(float(np.interp(raw, *fixed)), right) for raw, right in seen[2000:]]
    assert calibration_error(seen) > 0.12
    assert calibration_error(after) < 0.04


def test_calibration_rises():
    fixed = calibrate(samples(500, lambda raw: 0.7))
    assert (fixed.raw[1:] >= fixed.raw[:-1]).all()
    assert (fixed.true[1:] >= fixed.true[:-1]).all()


def test_without_samples_nothing_changes(lexicon):
    text = ["红色连衣裙"]
    assert annotate(text, lexicon, Reading(calibration=calibrate([]))) == annotate(text, lexicon)
    assert calibration_error([]) == 0.0


def test_a_calibrated_reading_gives_calibrated_confidences(lexicon):
    raw = annotate(["连衣裙"], lexicon)[0].spans[0].confidence
    fixed = calibrate([(raw, True), (raw, False)] * 50)
    assert annotate(["连衣裙"], lexicon, Reading(calibration=fixed))[0].spans[0].confidence == 0.5
