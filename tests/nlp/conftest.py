"""One small trained model for all tests of named entities."""

import pytest

from nlp.ner import NerModel
from nlp.ner.training import train
from tests.nlp.ner_world import GAZETTEERS, SETTINGS, titles


@pytest.fixture(scope="session")
def ner_model() -> NerModel:
    return train(titles(200, 1), SETTINGS, GAZETTEERS, titles(40, 2))
