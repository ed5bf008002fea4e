from functools import cache
from typing import Any

import numpy as np
import pytest

from recall.candidates import NOTHING, History
from recall.spaces.dssm import DSSM
from recall.spaces.multi_interest import MultiInterest
from recall.spaces.trained import Lesson, unit
from recall.spaces.youtube import YouTube
from recall.towers.asking import TowerAsker
from recall.towers.placed import Placed
from tests.recall.spaces.worlds import GROUPS, ITEMS_IN_GROUP, bazaar

OPTIONS: dict[str, Any] = {
    "dim": 12,
    "features": ["tagged"],
    "epochs": 12,
    "batch": 48,
    "rate": 0.02,
    "temperature": 0.2,
    "length": 6,
}
KINDS = {"youtube": YouTube, "dssm": DSSM, "multi-interest": MultiInterest}

every_tower = pytest.mark.parametrize("name", KINDS)


def section(name: str, **options: Any) -> Any:
    return KINDS[name](type=name, **{**OPTIONS, **options})


@cache
def learned(name: str) -> tuple[Placed, TowerAsker]:
    space = section(name, hidden=[16] if name == "youtube" else [])
    placed = space.fit(bazaar())
    return placed, space.asker(placed.save())


def history_of(lesson: Lesson, person: int) -> History:
    assert lesson.samples is not None
    deeds = lesson.samples.deeds
    part = slice(deeds.starts[person], deeds.starts[person + 1])
    ids = lesson.graph.nodes["item"][deeds.items[part]]
    return History(ids[::-1], deeds.weights[part][::-1], deeds.times[part][::-1])


def favourite(asker: TowerAsker, asked: Any) -> int:
    """Give the group whose items are found most."""
    best = np.argsort(-(asked @ asker.items.T).max(0))[:ITEMS_IN_GROUP]
    return int(np.bincount(best // ITEMS_IN_GROUP, minlength=GROUPS).argmax())


@every_tower
def test_the_online_tower_answers_what_the_trained_one_says(name: str) -> None:
    lesson = bazaar()
    placed, asker = learned(name)
    for person in (0, 7, 33):
        city = ("north", "south")[person % 2]
        asked = asker.ask(history_of(lesson, person), {"person.city": city})
        assert np.allclose(asked, placed.persons[person], atol=0.02)  # items are kept as halves


@every_tower
def test_a_scene_has_its_own_answers(name: str) -> None:
    _, asker = learned(name)
    for city, scene, group in (("north", "luxury", 2), ("south", "home", 1)):
        asked = asker.ask(NOTHING, {"person.city": city, "scene": scene})
        assert favourite(asker, asked) == group


@every_tower
def test_what_is_unknown_is_passed_over(name: str) -> None:
    _, asker = learned(name)
    known = asker.ask(NOTHING, {"person.city": "north"})
    strange = History(np.array([999, -4], np.int32), np.ones(2, np.float32), np.zeros(2))
    words = {"person.city": "north", "scene": "nowhere", "item.city": "south"}
    assert np.array_equal(asker.ask(strange, words), known)


@every_tower
def test_nothing_is_answered_where_nothing_is_known(name: str) -> None:
    _, asker = learned(name)
    assert asker.ask(NOTHING, {"person.city": "atlantis"}).shape == (0, OPTIONS["dim"])


@every_tower
def test_tags_are_in_the_space_that_persons_search(name: str) -> None:
    placed, asker = learned(name)
    asked = asker.ask(NOTHING, {"person.city": "south", "scene": "luxury"})
    assert (asked @ placed.vectors["tag"].T).max(0).argmax() == 3


def test_several_interests_are_several_searches() -> None:
    placed, asker = learned("multi-interest")
    assert placed.persons.shape[1] == 3
    assert asker.ask(history_of(bazaar(), 1), {}).shape == (3, OPTIONS["dim"])


def test_the_metric_keeps_interests_apart() -> None:
    def likeness(metric: float) -> float:
        persons = section("multi-interest", metric=metric).fit(bazaar()).persons
        ways = unit(persons.reshape(-1, OPTIONS["dim"])).reshape(persons.shape)
        products = np.einsum("pnd,pmd->pnm", ways, ways)
        return float(products[:, [0, 0, 1], [1, 2, 2]].mean())

    assert likeness(1.0) < likeness(0.0) - 0.1


def test_what_another_space_knows_goes_in() -> None:
    lesson = bazaar()
    assert lesson.samples is not None
    size = lesson.graph.size("item")
    groups = np.eye(GROUPS, dtype=np.float32)[np.arange(size) // ITEMS_IN_GROUP]
    from dataclasses import replace

    samples = replace(lesson.samples, pretrained=groups)
    bare = replace(lesson, samples=samples, features={})
    placed = section("dssm", features=[], forget=0.9).fit(bare)
    near = unit(placed.vectors["item"]) @ unit(placed.vectors["item"]).T
    same = np.arange(size)[:, None] // ITEMS_IN_GROUP == np.arange(size) // ITEMS_IN_GROUP
    assert near[same].mean() > near[~same].mean() + 0.3


def test_lengths_stay_when_vectors_are_not_of_length_one() -> None:
    placed = section("dssm", unit=False, temperature=1.0).fit(bazaar())
    lengths = np.linalg.norm(placed.vectors["item"], axis=1)
    assert lengths.std() > 1e-3
    assert np.isfinite(placed.score(np.arange(4, dtype=np.int32))).all()
