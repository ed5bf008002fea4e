import pytest

from tests.nlp.tiny import tiny


@pytest.fixture(scope="session")
def lexicon():
    return tiny()
