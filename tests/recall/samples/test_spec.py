from typing import Any

import pytest
from pydantic import ValidationError

from recall.samples.spec import Balance, Mixture

CATALOG = {
    "item": {
        "category": {"type": "tag", "facet": "category"},
        "city": {"type": "keyword"},
        "sizes": {"type": "keyword", "many": True},
        "price": {"type": "number"},
    }
}


def mixture(**options: Any) -> Mixture:
    """Read a section as the reader of a spec does, which knows the whole spec."""
    context = {"raw": {"catalog": CATALOG}, "choices": {}}
    return Mixture.model_validate(options, context=context)


def hard(**options: Any) -> Mixture:
    return mixture(hard=[{"share": 0.2, **options}])


def test_random_takes_what_is_left() -> None:
    whole = mixture(count=100, exposed=0.2, hard=[{"same": "city", "share": 0.3}])
    assert whole.shared() == 50
    assert mixture(count=100, random=0.5, exposed=0.5).shared() == 50
    assert Mixture(count=100).shared() == 100
    assert Mixture(count=3, exposed=1).shared() == 0


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"random": 0.6, "exposed": 0.2}, "shares add up to 0.8; without `random:` it takes"),
        ({"exposed": 0.8, "hard": [{"same": "city", "share": 0.4}]}, "add up to 1.2; at most 1"),
        ({"random": 1.2}, "less than or equal to 1"),
        ({"count": 0}, "greater than or equal to 1"),
        ({"by": "town"}, "no item attribute with one word called 'town'; there are category, city"),
    ],
)
def test_a_mixture_that_cannot_be_drawn_is_refused(options: Any, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        mixture(**options)


@pytest.mark.parametrize("name", ["town", "price", "sizes"])
def test_only_attributes_with_one_word_can_be_alike(name: str) -> None:
    for options in ({"same": name}, {"same": "city", "other": name}):
        with pytest.raises(ValidationError, match=f"called '{name}'; there are category, city"):
            hard(**options)


def test_nothing_is_the_same_and_another() -> None:
    with pytest.raises(ValidationError, match="nothing is both the same and another city"):
        hard(same="city", other="city")
    assert hard(same="city", other="category").hard[0].other == "category"


def test_a_balance_is_between_alike_and_as_they_come() -> None:
    assert Balance() == Balance(scenes=1, weights=0)
    with pytest.raises(ValidationError):
        Balance(scenes=2)
