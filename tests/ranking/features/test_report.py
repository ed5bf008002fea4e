from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from graph.graph import Floats
from ranking.examples import Inputs
from ranking.features.asked import asked_of
from ranking.features.collisions import collisions
from ranking.features.report import coverage, report
from ranking.features.rows import examples_of, read
from ranking.features.shuffling import shuffled
from tests.ranking.features.shop import fitted, open_shop


class ByPlace:
    """A ranker that goes by one code of items alone."""

    def __init__(self, number: int) -> None:
        self.number = number

    def score(self, inputs: Inputs) -> Floats:
        codes = inputs.items.ones[inputs.item, self.number]
        return np.asarray(codes[:, None] / 10, np.float32)

    def save(self) -> dict[str, bytes]:
        return {}


def test_what_a_ranker_goes_by_is_important_and_nothing_else(
    engine: Engine, tmp_path: Path
) -> None:
    spec = open_shop(engine, tmp_path)
    with engine.begin() as connection:
        encoding, shown = fitted(connection, spec)
        examples = examples_of(connection, encoding, shown)
        scorer = ByPlace(encoding.ones("items").index("price"))
        labels = (scorer.score(examples.inputs) > 0.15).astype(np.float32)
        examples = type(examples)(**{**vars(examples), "labels": labels})
        told = report(connection, encoding, shown, scorer, examples)
    falls = {one.name: one.importance.fall for one in told if one.importance}
    assert told[0].name == "price"
    assert falls.pop("price") > 0.05
    assert set(falls.values()) == {0.0}
    assert {one.name for one in told} == set(encoding.features)
    assert all(one.milliseconds >= 0 for one in told)


def test_coverage_tells_what_is_known_whatever_the_default(engine: Engine, tmp_path: Path) -> None:
    spec = open_shop(engine, tmp_path)
    with engine.begin() as connection:
        encoding, shown = fitted(connection, spec)
        facts = read(connection, encoding, asked_of(shown))
    found = coverage(encoding, facts)
    assert found["city"] == found["person"] == pytest.approx(11 / 13)
    assert found["colours"] == 0
    assert found["left"] == pytest.approx(2 / 13)
    assert found["past"] == pytest.approx(8 / 13)
    assert found["price"] == found["position"] == 1


def test_collisions_of_every_table(engine: Engine, tmp_path: Path) -> None:
    spec = open_shop(engine, tmp_path)
    with engine.begin() as connection:
        encoding, shown = fitted(connection, spec)
        told = collisions(encoding, read(connection, encoding, asked_of(shown)))
    tables = {one.table: one for one in told}
    assert "place" not in tables
    assert (tables["item"].words, tables["item"].shared) == (6, 0)
    assert tables["fits"].places == 100
    assert tables["person"].words == 3


def test_shuffling_leaves_everything_else(engine: Engine, tmp_path: Path) -> None:
    spec = open_shop(engine, tmp_path)
    with engine.begin() as connection:
        encoding, shown = fitted(connection, spec)
        inputs = examples_of(connection, encoding, shown).inputs
    names = [name for name, _ in shuffled(encoding.layout, inputs, np.random.default_rng(0))]
    assert sorted(names) == sorted(encoding.features)
