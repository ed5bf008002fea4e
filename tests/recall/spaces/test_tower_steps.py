"""Towers from the database to answers: built, measured, stored, and asked without torch."""

from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from api.building import apply_spec
from api.spec import open_spec
from recall.candidates import NOTHING, History
from recall.spaces.trained import Asker
from tests.recall.spaces.test_steps import clicks, metrics, vectors
from tests.tiny import TEXT, load, open_tiny
from weft.files import load_files as stored
from weft.releases import read_live
from weft.running import Quiet

SHOP = (
    TEXT
    + """
graph:
  edges:
    liked: {type: events, half_life: 30d}
    tagged: {type: tags}
spaces:
  filter: {type: linear, over: [liked, tagged], dim: 4, spectrum: 4}
  near:
    type: dssm
    dim: 8
    layers: 1
    epochs: 3
    features: [tagged]
    pretrained: filter
    negatives: {count: 4, exposed: 0.25}
"""
)


def asker_of(engine: Engine, folder: Path) -> Asker:
    space = open_spec(folder / "weft.yaml").spaces["near"]
    with engine.connect() as connection:
        live = read_live(connection)
        assert live is not None
        asker = space.asker(stored(connection, live.artifacts["space.near"]))
    assert asker is not None
    return asker


def test_a_tower_is_built_measured_and_asked(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path, SHOP)
    with engine.begin() as connection:
        load(connection, spec, "event", clicks(3))
        ids = connection.exec_driver_sql("SELECT id FROM item ORDER BY id").scalars().all()
    apply_spec(engine, spec, Quiet())
    assert len(vectors(engine, "item")) == 6
    assert set(vectors(engine, "person")) == {"ann", "bob", "cat"}
    assert set(vectors(engine, "tag")) == {"wear", "dress", "cup"}
    assert "recall@20" in metrics(engine, "space.near")
    asker = asker_of(engine, tmp_path)
    history = History(np.array(ids[:2], np.int32), np.ones(2, np.float32), np.zeros(2))
    for asked in (
        asker.ask(history, {}),
        asker.ask(NOTHING, {"person.city": "Paris"}),
        asker.ask(NOTHING, {"scene": "home"}),
    ):
        assert asked.shape == (1, 8)
        assert np.linalg.norm(asked) > 0.99
    assert asker.ask(NOTHING, {}).shape == (0, 8)


def test_a_shop_without_events_has_an_empty_tower(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path, SHOP)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM event")
    apply_spec(engine, spec, Quiet())
    assert metrics(engine, "space.near")["vectors"] == 0
