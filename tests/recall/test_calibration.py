import json
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Engine, text

from api.building import apply_spec, steps_of
from api.spec import Spec
from api.traces import make_room
from recall.calibration import STEP, load_curves
from tests.tiny import NOON, TEXT, at, load, open_tiny
from weft.releases import read_live
from weft.running import Quiet

ANSWERS = 400
TRACE = """INSERT INTO trace (id, time, scene, release, question, items, channels, found_by)
VALUES (:id, :time, 'home', 1, '{}', ARRAY[1, 2], ARRAY['popular', 'fresh'], :found_by)"""
FOUND_BY = [[["popular", 1, 9.0], ["fresh", 40, 0.1]], [["fresh", 1, 0.9]]]


def test_channels_are_worth_what_came_of_their_answers(engine: Engine, tmp_path: Path) -> None:
    calibrated = "recall: [popular, fresh], fusion: {type: calibrated}"
    spec = open_tiny(engine, tmp_path, TEXT.replace("recall: [popular, fresh]", calibrated))
    make_room(engine, NOON.date())
    with engine.begin() as connection:
        answer(connection, spec)
    apply_spec(engine, spec, Quiet())
    with engine.connect() as connection:
        live = read_live(connection)
        assert live is not None
        curves = load_curves(connection, live.artifacts[STEP])
    popular, fresh = (float(curves.chance(c, np.array([1]))[0]) for c in ("popular", "fresh"))
    assert popular > 4 * fresh
    late = float(curves.chance("fresh", np.array([40]))[0])
    assert late > fresh  # what it has at rank 40 was clicked as popular's first


def answer(connection: Connection, spec: Spec) -> None:
    """Show two items many times; the first one is clicked each second time."""
    clicks = []
    for number in range(ANSWERS):
        values = {"id": f"t{number}", "time": at(-3), "found_by": json.dumps(FOUND_BY)}
        connection.execute(text(TRACE), values)
        if number % 2:
            click = {"kind": "click", "person": "ann", "item": "red-dress", "time": at(-2.5)}
            clicks.append({**click, "id": f"c{number}", "trace": f"t{number}"})
    load(connection, spec, "event", clicks)


def test_without_a_scene_that_wants_it_nothing_is_measured(bazaar: Spec) -> None:
    assert STEP not in {step.name for step in steps_of(bazaar)}
