"""What every kind of ranker has to do."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from ranking.rankers.kinds import AnyRanker
from ranking.rankers.lesson import Lesson, Scorer
from ranking.rankers.rule import Rule
from ranking.rankers.spec import Ranker
from ranking.training.judging import auc
from tests.ranking.rankers.worlds import World, shuffled, world

DEEP = {"dim": 8, "hidden": [32, 16], "rate": 0.005, "batch": 256, "epochs": 6, "dropout": 0.1}
LAYERS = [{"type": "fm"}, [{"type": "gate", "hidden": 8}, {"type": "mlp", "hidden": [32, 16]}]]
CUSTOM = {"layers": LAYERS, "members": 2, "dim": 8, "rate": 0.01, "batch": 256, "epochs": 6}

TOWERS = {"dim": 8, "rate": 0.02, "batch": 128, "hidden_asks": [32], "hidden_items": [32]}

# What is learned of the tiny world, in which .83 is as good as knowing everything.
FLOORS: dict[str, tuple[dict[str, Any], float]] = {
    "lr": ({"rate": 0.05, "batch": 256, "epochs": 4}, 0.51),
    "fm": ({"dim": 8, "rate": 0.02, "batch": 256, "epochs": 12}, 0.78),
    "rule": ({"weights": {"price": 1.0}}, 0.4),  # nothing of the tiny world is known beforehand
    "towers": ({**TOWERS, "epochs": 12}, 0.78),
    "wdl": (DEEP, 0.8),
    "deepfm": (DEEP, 0.8),
    "dcn": (DEEP, 0.8),
    "xdeepfm": ({**DEEP, "cin": [4, 4]}, 0.78),
    "fibinet": ({**DEEP, "shared": "pair"}, 0.78),
    "custom": (CUSTOM, 0.78),
    "din": (DEEP, 0.8),
    "dien": ({**DEEP, "rate": 0.02}, 0.78),
    "esmm": (DEEP, 0.8),
    "mmoe": ({**DEEP, "experts": 2}, 0.8),
    "gbdt": ({"rate": 0.1, "trees": 120}, 0.78),
}
SHORTLY = {"gbdt": {"trees": 20}}  # instead of so many epochs


def shortly(kind: str, epochs: int) -> dict[str, int]:
    return SHORTLY.get(kind, {"epochs": epochs})


@pytest.fixture(scope="module")
def tiny() -> World:
    return world()


def ranker(kind: str, **others: Any) -> Ranker:
    found: Ranker = TypeAdapter(AnyRanker).validate_python(
        {"type": kind, **FLOORS[kind][0], **known(kind, others)}
    )
    return found


def known(kind: str, others: dict[str, Any]) -> dict[str, Any]:
    """Give the options that a kind has; a rule has no epochs."""
    kinds = {"rule": Rule}
    fields = kinds[kind].model_fields if kind in kinds else others
    return {name: value for name, value in others.items() if name in fields}


def fit(tiny: World, kind: str, **others: Any) -> Scorer:
    return ranker(kind, **others).fit(Lesson(tiny.layout, tiny.learn, tiny.check))


@pytest.fixture(scope="module")
def learned(tiny: World) -> Callable[[str], Scorer]:
    """Learn by each kind once."""
    return cache(partial(fit, tiny))


@pytest.mark.parametrize("kind", FLOORS)
def test_it_finds_who_likes_what(tiny: World, learned: Callable[[str], Scorer], kind: str) -> None:
    chances = learned(kind).score(tiny.later.inputs)[:, 0]
    assert auc(chances, tiny.later.labels[:, 0]) > FLOORS[kind][1]


@pytest.mark.parametrize("kind", FLOORS)
def test_chances_come_true(tiny: World, learned: Callable[[str], Scorer], kind: str) -> None:
    chances = learned(kind).score(tiny.later.inputs)[:, 0]
    assert chances.min() >= 0
    assert chances.max() <= 1
    assert abs(chances.mean() - tiny.later.labels.mean()) < 0.05


@pytest.mark.parametrize("kind", FLOORS)
def test_what_is_loaded_scores_the_same(
    tiny: World, learned: Callable[[str], Scorer], kind: str
) -> None:
    loaded = ranker(kind).load(tiny.layout, learned(kind).save())
    some = tiny.later.inputs
    np.testing.assert_array_equal(loaded.score(some), learned(kind).score(some))


@pytest.mark.parametrize("kind", FLOORS)
def test_the_same_seed_learns_the_same(tiny: World, kind: str) -> None:
    some = tiny.later.inputs
    one, other = (fit(tiny, kind, **shortly(kind, 2)).score(some) for _ in range(2))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kind", FLOORS)
def test_shuffled_labels_teach_nothing(tiny: World, kind: str) -> None:
    learn, later = shuffled(tiny.learn), shuffled(tiny.later)
    found = ranker(kind, **shortly(kind, 1)).fit(Lesson(tiny.layout, learn))
    assert abs(auc(found.score(later.inputs)[:, 0], later.labels[:, 0]) - 0.5) < 0.05
