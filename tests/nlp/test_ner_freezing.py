import numpy as np
import torch

from nlp.ner.features import learn_features
from nlp.ner.freezing import frozen
from nlp.ner.lessons import batch_of, lesson_of
from nlp.ner.network import Network
from nlp.ner.tags import tags_of
from tests.nlp.ner_world import GAZETTEERS, SETTINGS, titles

PLAIN = SETTINGS.model_copy(update={"hide_letters": 0.0, "hide_gazetteers": 0.0})


def test_a_frozen_model_scores_what_its_network_scores():
    samples = titles(20, 1)
    tags = tags_of(samples)
    features = learn_features([sample.text for sample in samples], GAZETTEERS, 1)
    torch.manual_seed(0)
    network = Network(features.sizes, len(tags), PLAIN).eval()
    lesson = lesson_of(samples, features, tags)
    batch = batch_of(lesson, np.arange(20), PLAIN, np.random.default_rng(0))
    with torch.no_grad():
        seen = map(torch.from_numpy, (batch.slots, batch.stands, batch.texts))
        theirs = network(*seen)[batch.rows].numpy()
    mine, bounds = frozen(network, features, tags, PLAIN).scores([s.text for s in samples])
    np.testing.assert_allclose(mine, theirs, atol=1e-4)
    np.testing.assert_array_equal(bounds, batch.bounds)
