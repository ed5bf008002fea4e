import random

from nlp.annotating import Reading, annotate
from nlp.confidence import brier, calibrate, calibration_error, corrected, doubts


def samples(count, truth):
    rng = random.Random(5)
    given = [rng.random() for _ in range(count)]
    return [(raw, rng.random() < truth(raw)) for raw in given]


def test_calibration_makes_overconfidence_honest():
    seen = samples(4000, lambda raw: raw * raw)
    fixed = calibrate(seen[:2000])
    after = [(corrected(raw, fixed), right) for raw, right in seen[2000:]]
    assert calibration_error(seen) > 0.12
    assert calibration_error(after) < 0.04
    assert brier(after) < brier(seen[2000:])


def test_a_few_cases_cannot_say_never():
    said = [(0.9, False)] * 3
    assert corrected(0.9, calibrate(said)) == 0
    assert 0.6 < corrected(0.9, calibrate([*doubts(), *said])) < 0.9
    assert abs(corrected(0.5, calibrate(doubts())) - 0.5) < 1e-9


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
