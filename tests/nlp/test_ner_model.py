import time
from dataclasses import replace

import pytest

from nlp.ner import NerSettings, Sample, evaluate, from_bytes, to_bytes
from nlp.ner.saving import UnreadableModel
from nlp.ner.training import train
from tests.nlp.ner_world import GAZETTEERS, PRODUCTS, SETTINGS, titles

HOSTILE = [
    "",
    " ",
    "\ud800耐克鞋\udfff",
    "👩‍👩‍👧耐克👟跑步鞋",
    "ＮＩＫＥ　跑步鞋",
    "\u202e耐克",
    "\x00",
    "İ" * 9,
]


def found(model, samples):
    return model.find([sample.text for sample in samples])


def test_obvious_answers_are_learned(ner_model):
    held_out = titles(100, 3)
    assert evaluate(held_out, found(ner_model, held_out)).overall.f1 >= 0.95


def test_confidences_are_probabilities_and_high_for_the_obvious(ner_model):
    sures = [one.confidence for ones in found(ner_model, titles(50, 4)) for one in ones]
    assert all(0 < sure <= 1 for sure in sures)
    assert sum(sures) / len(sures) > 0.8


def test_batch_equals_single(ner_model):
    texts = [sample.text for sample in titles(30, 5)] + HOSTILE
    together = ner_model.find(texts)
    for text, ones in zip(texts, together, strict=True):
        alone = ner_model.find([text])[0]
        assert [(o.start, o.end, o.label) for o in ones] == [
            (o.start, o.end, o.label) for o in alone
        ]
        assert [o.confidence for o in ones] == pytest.approx(
            [o.confidence for o in alone], abs=1e-4
        )


@pytest.mark.parametrize("text", [*HOSTILE, "耐克跑步鞋" * 2000])
def test_spans_lie_in_the_text_and_do_not_overlap(ner_model, text):
    end = 0
    for one in ner_model.find([text])[0]:
        assert end <= one.start < one.end <= len(text)
        end = one.end


def test_full_width_letters_are_read_as_plain_ones(ner_model):
    (ones,) = ner_model.find(["包邮ＮＩＫＥ跑步鞋"])
    assert [(o.start, o.end, o.label) for o in ones] == [(2, 6, "brand"), (6, 9, "product")]


def test_time_grows_with_length_only(ner_model):
    def seconds(text):
        start = time.process_time()
        ner_model.find([text])
        return time.process_time() - start

    short, long = (min(seconds("耐克跑步鞋" * n) for _ in range(4)) for n in (4000, 16000))
    assert long < 12 * short


def test_a_model_that_was_saved_finds_the_same(ner_model):
    texts = [sample.text for sample in titles(50, 6)] + HOSTILE
    data = to_bytes(ner_model)
    again = from_bytes(data)
    assert again.find(texts) == ner_model.find(texts)
    assert to_bytes(again) == data


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a model"])
def test_bytes_that_are_no_model_are_refused(data):
    with pytest.raises(UnreadableModel):
        from_bytes(data)


def test_the_same_seed_makes_the_same_model():
    settings = SETTINGS.model_copy(update={"epochs": 2, "swap": 0.3, "hide_gazetteers": 0.2})
    first, second = (train(titles(40, 1), settings, GAZETTEERS) for _ in range(2))
    assert to_bytes(first) == to_bytes(second)
    other = train(titles(40, 1), settings.model_copy(update={"seed": 1}), GAZETTEERS)
    assert to_bytes(other) != to_bytes(first)


def test_partial_samples_teach_without_saying_what_is_not_there():
    weak = [replace(s, spans=s.spans[:1], partial=True, weight=0.3) for s in titles(150, 7)]
    model = train([*titles(60, 8), *weak], SETTINGS, GAZETTEERS)
    held_out = titles(60, 9)
    assert evaluate(held_out, found(model, held_out)).overall.recall >= 0.9


def test_other_gazetteers_are_taken_without_training(ner_model):
    wider = ner_model.knowing({"brand": GAZETTEERS["brand"], "product": PRODUCTS})
    samples = titles(50, 10)
    assert evaluate(samples, found(wider, samples)).overall.f1 >= 0.95


def test_samples_without_gazetteers_or_labels_are_enough():
    assert train(titles(30, 1), NerSettings(hidden=8, epochs=1), {}).find(["耐克"]) is not None
    assert train([Sample("鞋子", ())], NerSettings(hidden=8, epochs=1), {}).find(["鞋子"]) == [[]]
