"""One lexicon and one small trained model for all tests of reading."""

import pytest

from nlp.ner import NerModel
from nlp.ner.training import train
from tests.nlp.ner_world import GAZETTEERS, SETTINGS, titles
from tests.nlp.tiny import tiny


@pytest.fixture(scope="session")
def lexicon():
    return tiny()


@pytest.fixture(scope="session")
def ner_model() -> NerModel:
    return train(titles(200, 1), SETTINGS, GAZETTEERS, titles(40, 2))
