import pytest

from nlp.inflection import inflections


@pytest.mark.parametrize(
    ("label", "forms"),
    [
        ("dress", {"dresses"}),
        ("tote bag", {"tote bags"}),
        ("puppies", {"puppy"}),
        ("cherry", {"cherries"}),
        ("boxes", {"boxe", "box"}),
        ("knife", {"knives"}),
        ("women", {"woman"}),
        ("jeans", set()),
        ("gps", set()),
        ("l'oreal", {"loreal", "l'oreals", "loreals"}),
        ("连衣裙", set()),
        ("42", set()),
    ],
)
def test_other_forms(label, forms):
    assert set(inflections(label)) == forms
