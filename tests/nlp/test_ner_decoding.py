"""The best tagging and its chances against every tagging, one by one."""

from itertools import pairwise, product

import numpy as np
import pytest

from nlp.ner.chain import Chain
from nlp.ner.decoding import best, chances
from nlp.ner.tags import Tags

TAGS = Tags(("A", "B"))
TEXTS = (1, 4, 0, 3)
BOUNDS = np.array([0, *np.cumsum(TEXTS)])


@pytest.fixture(params=range(5))
def known(request):
    """Scores and a chain."""
    random = np.random.default_rng(request.param)
    tags, labels = len(TAGS), len(TAGS.labels)
    shapes = dict(zip(Chain._fields, (tags, tags, (labels, 4), tags, tags), strict=True))
    chain = Chain(**{name: random.normal(size=shape) for name, shape in shapes.items()})
    return (random.normal(size=(sum(TEXTS), tags)) * 2).astype(np.float32), chain


def every(scores, chain, text):
    """All possible taggings of a text with their scores."""
    follows, starts, ends = chain.matrices(TAGS)
    here = scores[BOUNDS[text] : BOUNDS[text + 1]]
    for path in product(range(len(TAGS)), repeat=len(here)):
        steps = sum(follows[a, b] for a, b in pairwise(path))
        score = sum(here[range(len(here)), path]) + steps + starts[path[0]] + ends[path[-1]]
        if score > -5000:
            yield path, score


def texts():
    return [text for text, length in enumerate(TEXTS) if length]


def test_the_best_tagging_is_the_best_of_all(known):
    path = best(known[0], BOUNDS, known[1])
    for text in texts():
        winner = max(every(*known, text), key=lambda one: one[1])[0]
        assert tuple(path[BOUNDS[text] : BOUNDS[text + 1]]) == winner


def test_the_chance_of_an_entity_is_the_share_of_taggings_that_have_it(known):
    path = best(known[0], BOUNDS, known[1])
    chance = chances(known[0], BOUNDS, known[1], path)
    seen = 0
    for text in texts():
        taggings = [(path, np.exp(score)) for path, score in every(*known, text)]
        total = sum(weight for _, weight in taggings)
        for span in TAGS.spans(path[BOUNDS[text] : BOUNDS[text + 1]].tolist()):
            holds = sum(weight for path, weight in taggings if span in TAGS.spans(path))
            assert chance[BOUNDS[text] + span.end - 1] == pytest.approx(holds / total, rel=1e-5)
            seen += 1
    assert seen == np.count_nonzero(chance) > 0


def test_no_texts_have_no_tags(known):
    none = known[0][:0]
    path = best(none, np.zeros(1, np.int64), known[1])
    assert len(path) == len(chances(none, np.zeros(1, np.int64), known[1], path)) == 0
