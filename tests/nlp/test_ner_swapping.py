import numpy as np

from nlp.ner.samples import Sample, Span
from nlp.ner.swapping import pools_of, swapped
from tests.nlp.ner_world import GAZETTEERS, titles


def test_swapped_entities_are_of_their_label_and_in_their_place():
    samples = titles(60, 1)
    pools = pools_of(samples, GAZETTEERS)
    made = swapped(samples, pools, 1.0, np.random.default_rng(0))
    assert made != samples
    for old, new in zip(samples, made, strict=True):
        assert [span.label for span in new.spans] == [span.label for span in old.spans]
        for span in new.spans:
            assert any(new.text[span.start : span.end] in pool for pool in pools[span.label])


def test_a_label_draws_on_the_gazetteer_that_knows_its_entities():
    pools = pools_of(titles(60, 1), {**GAZETTEERS, "other": ("红", "绿")})
    assert pools["brand"][1] == sorted(GAZETTEERS["brand"])


def test_a_label_that_no_gazetteer_knows_draws_on_itself():
    assert pools_of([Sample("abc", (Span(0, 2, "x"),))], GAZETTEERS) == {"x": [["ab"]]}
