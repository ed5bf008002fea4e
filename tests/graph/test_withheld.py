"""A small demo world, read with all labels and without three in ten, as the bench does it."""

import pytest

from bench.withheld import Shop, made_shop, read_names, read_tags
from nlp.spec import Ner
from world.generate import World

NER = Ner(titles=2_000, epochs=4, hidden=16, batch=16, averaging=0.9, hide_inputs=0.2, swap=0.0)


@pytest.fixture(scope="module")
def shop() -> Shop:
    return made_shop(World(items=3_000, users=20, days=2))


def test_all_labels_are_read(shop: Shop) -> None:
    tags = read_tags(shop)[""]
    assert tags.precision >= 0.99
    assert tags.recall >= 0.985


def test_names_without_a_label_are_found(shop: Shop) -> None:
    names, places = read_names(shop, NER, last=1_000, seed=1)
    assert names[""].precision >= 0.85
    assert names[""].recall >= 0.5
    assert places[""].recall >= names[""].recall
