import numpy as np
import pytest

from ranking.rankers.lesson import Lesson
from ranking.rankers.rule import Rule
from tests.ranking.rankers.worlds import World, world
from weft.errors import BuildError


@pytest.fixture(scope="module")
def tiny() -> World:
    return world(200)


def test_a_rule_orders_by_its_weights_alone(tiny: World) -> None:
    found = Rule(type="rule", weights={"price": 2, "colour": -0.5}).fit(
        Lesson(tiny.layout, tiny.learn)
    )
    some = tiny.later.inputs
    prices, colours = some.items.numbers[some.item, 0], some.items.ones[some.item, 1]
    by_hand = 2 * prices - 0.5 * colours
    odds = -np.log(1 / found.score(some)[:, 0] - 1)
    assert np.corrcoef(odds, by_hand)[0, 1] > 0.9999


def test_it_learns_how_likely_its_sums_make_it(tiny: World) -> None:
    dear = (tiny.learn.inputs.items.numbers[tiny.learn.inputs.item] > 0.5).astype(np.float32)
    learn = type(tiny.learn)(**{**vars(tiny.learn), "labels": dear})
    chances = Rule(type="rule", weights={"price": 100.0}).fit(Lesson(tiny.layout, learn))
    found = chances.score(learn.inputs)
    assert ((found > 0.5) == (dear > 0)).mean() > 0.95
    assert found.mean() == pytest.approx(dear.mean(), abs=0.02)


def test_an_unknown_feature_is_named(tiny: World) -> None:
    with pytest.raises(BuildError, match="called 'prise'; there are price"):
        Rule(type="rule", weights={"prise": 1}).fit(Lesson(tiny.layout, tiny.learn))
