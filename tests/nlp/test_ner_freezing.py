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


def test_the_chain_of_a_frozen_model_has_the_steps_of_its_network():
    tags = tags_of(titles(20, 1))
    network = Network((3,) * 5, len(tags), PLAIN)
    for part in (network.leaving, network.entering, network.within, network.starts, network.ends):
        torch.nn.init.normal_(part)
    features = learn_features(["ab"], {}, 1)
    follows, starts, ends = frozen(network, features, tags, PLAIN).chain.matrices(tags)
    theirs = network.follows.detach().numpy() + tags.follows
    np.testing.assert_allclose(follows, theirs, atol=1e-3)
    np.testing.assert_allclose(starts, network.starts.detach().numpy() + tags.starts, atol=1e-3)
    np.testing.assert_allclose(ends, network.ends.detach().numpy() + tags.ends, atol=1e-3)
