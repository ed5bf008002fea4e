"""Samples as numbers of a graph's nodes, as of a moment; and a space that learns from them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from api.building import shop_of
from api.spec import Spec
from graph.arrays.reading import read_nodes
from graph.columns import sync_columns
from graph.graph import Graph
from recall.samples.queries import Definition
from recall.samples.reading import Source, read_samples
from recall.spaces import steps
from recall.spaces.spec import Space
from recall.spaces.trained import Lesson, Placed, Samples
from tests.tiny import ITEMS, NOON, PERSONS, TEXT, load, open_tiny
from weft.building import apply
from weft.queries import METRICS
from weft.releases import read_live
from weft.running import Quiet

HOUR = timedelta(hours=1)
KEYS = [key for key, *_ in ITEMS]
PEOPLE = [key for key, _ in PERSONS]


def read(engine: Engine, spec: Spec, until: datetime) -> Samples:
    with engine.begin() as connection:
        graph = Graph(read_nodes(connection, ["item", "person"]), {})
        defined = Definition(spec.events.positive, spec.events.passed_after, until)
        return read_samples(Source(connection, defined, spec.catalog), graph)


def deeds_of(samples: Samples, person: str) -> list[str]:
    part = slice(*samples.deeds.starts[PEOPLE.index(person) :][:2])
    return [KEYS[number] for number in samples.deeds.items[part]]


def test_deeds_come_person_by_person_in_order(engine: Engine, tmp_path: Path) -> None:
    samples = read(engine, open_tiny(engine, tmp_path), NOON)
    assert deeds_of(samples, "ann") == ["red-dress", "blue-dress"]
    assert deeds_of(samples, "bob") == ["blue-cup", "red-dress", "old-dress"]
    assert deeds_of(samples, "cat") == []
    assert samples.deeds.weights.tolist() == [1, 1, 5, 1, 1]
    assert samples.deeds.scene_names == ("cheap", "home")
    assert samples.deeds.scenes.tolist() == [1, 1, 0, 1, 1]
    assert samples.deeds.times[0] == pytest.approx((NOON - 5 * HOUR).timestamp())


def test_what_was_shown_and_passed_by(engine: Engine, tmp_path: Path) -> None:
    samples = read(engine, open_tiny(engine, tmp_path), NOON)
    assert samples.exposures.tolist() == [0, 0, 0, 0, 1, 0]
    assert samples.passed is not None
    assert samples.passed.targets.tolist() == [KEYS.index("new-cup")]
    assert samples.passed.sources().tolist() == [PEOPLE.index("cat")]


def test_traits_have_numbers_and_words(engine: Engine, tmp_path: Path) -> None:
    samples = read(engine, open_tiny(engine, tmp_path), NOON)
    assert set(samples.traits["item"]) == {"category", "city"}  # price and times are no words
    assert set(samples.traits["person"]) == {"city"}
    words = samples.trait_words["item"]["category"]
    assert [words[n] for n in samples.traits["item"]["category"]] == [i[1] for i in ITEMS]
    assert samples.trait_words["person"]["city"] == ("Paris", "Rome")
    assert samples.traits["person"]["city"].tolist() == [0, 1, 1]


def test_a_scene_that_is_not_known_has_no_number(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path)
    event = {"id": "x", "kind": "click", "person": "cat", "item": "red-dress"}
    with engine.begin() as connection:
        load(connection, spec, "event", [{**event, "time": (NOON - HOUR).isoformat()}])
    samples = read(engine, spec, NOON)
    assert samples.deeds.scenes.tolist()[-1] == -1


def test_nothing_after_the_moment_is_read(engine: Engine, tmp_path: Path) -> None:
    samples = read(engine, open_tiny(engine, tmp_path), NOON - 3.5 * HOUR)
    assert deeds_of(samples, "ann") == ["red-dress", "blue-dress"]
    assert deeds_of(samples, "bob") == []
    assert samples.deeds.scene_names == ("home",)
    assert not samples.exposures.any()
    assert samples.passed is not None
    assert not len(samples.passed)


def test_an_exposure_is_not_passed_by_before_its_time(engine: Engine, tmp_path: Path) -> None:
    samples = read(engine, open_tiny(engine, tmp_path), NOON - HOUR / 2)
    assert samples.exposures.sum() == 1
    assert samples.passed is not None
    assert not len(samples.passed)


def test_items_are_listed_once_they_have_begun(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path)
    assert read(engine, spec, NOON).listed.tolist() == [True] * 5 + [False]
    assert read(engine, spec, NOON - 3 * HOUR).listed.tolist() == [True] * 4 + [False] * 2


def test_without_a_beginning_what_was_seen_is_listed(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(
        engine, tmp_path, TEXT.replace("lifetime: {begins: published_at, ", "lifetime: {")
    )
    assert read(engine, spec, NOON).listed.tolist() == [True] * 5 + [False]
    assert read(engine, spec, datetime.now(NOON.tzinfo) + HOUR).listed.all()


class Toy(Space):
    """Items are where the space that it starts from has them."""

    type: str = "toy"
    dim: int = 4

    def samples(self) -> bool:
        return True

    def start_from(self) -> str:
        return "near"

    def fit(self, lesson: Lesson) -> Placed:
        assert lesson.samples is not None
        LESSONS.append(lesson)
        return Placed({"item": lesson.samples.pretrained}, lesson.graph.edges["liked"])


LESSONS: list[Lesson] = []
SHOP = TEXT + (
    "graph: {edges: {liked: {type: events}}}\n"
    "spaces: {near: {type: linear, over: [liked], dim: 4, spectrum: 4}}\n"
)


def applied(engine: Engine, spec: Spec) -> Mapping[str, Any]:
    """Build the shop with a space of our own; give what the space was given."""
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
    LESSONS.clear()
    shop = shop_of(spec)
    spaces = {**spec.spaces, "toy": Toy()}
    more = steps.steps(spaces, spec.graph, spec.catalog, spec.events)
    known = {step.name for step in shop.steps}
    whole = replace(shop, steps=(*shop.steps, *(s for s in more if s.name not in known)))
    apply(engine, whole, Quiet())
    with engine.connect() as connection:
        live = read_live(connection)
        assert live is not None
        rows = connection.execute(METRICS, {"artifacts": [live.artifacts["space.toy"]]}).all()
    return {row.name: row.value for row in rows}


def clicks() -> list[dict[str, Any]]:
    """What was liked the day before, so that something is known when the last day begins."""
    pairs = [("ann", "red-dress"), ("bob", "red-dress"), ("bob", "blue-cup"), ("cat", "blue-cup")]
    return [
        {
            "id": f"old{n}",
            "kind": "click",
            "person": person,
            "item": item,
            "time": (NOON - timedelta(days=2, minutes=n)).isoformat(),
        }
        for n, (person, item) in enumerate(pairs)
    ]


def test_a_space_of_samples_is_built_after_the_one_it_starts_from(
    engine: Engine, tmp_path: Path
) -> None:
    spec = open_tiny(engine, tmp_path, SHOP)
    with engine.begin() as connection:
        load(connection, spec, "event", clicks())
    metrics = applied(engine, spec)
    then, now = LESSONS
    assert len(then.samples.deeds.items) == 4
    assert len(now.samples.deeds.items) == 9
    assert then.samples.pretrained.shape == now.samples.pretrained.shape == (6, 4)
    assert np.abs(then.samples.pretrained - now.samples.pretrained).max() > 0.01
    assert metrics["item.vectors"] == 6
    assert "recall@20" in metrics
    with engine.connect() as connection:
        live = read_live(connection)
        assert live is not None
    assert live.artifacts["space.near"] < live.artifacts["space.toy"]
