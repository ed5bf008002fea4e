"""The views give what a plain computation over all events gives."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine, text

from api.building import apply_spec
from tests.tiny import EVENTS, TEXT, load, open_tiny
from weft.running import Quiet

HOUR = timedelta(hours=1)
WORTH = {"click": 1.0, "collect": 3.0, "cart": 3.0, "purchase": 5.0}
SHOP = TEXT.replace("\nrecall:", "\nevents: {passed_after: 30m}\nrecall:")
ITEMS = ("red-dress", "blue-dress", "blue-cup")
KEYS = "SELECT {0} FROM live.{1} AS s JOIN person p ON p.id = s.person JOIN item i ON i.id = s.item"


def read(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def stream(seed: int, count: int = 400) -> list[dict[str, Any]]:
    """What people saw and did within a few hours up to now, with and without traces."""
    luck = np.random.default_rng(seed)
    kinds = [*["expose"] * 6, "click", "collect", "purchase"]
    now = datetime.now(UTC).replace(microsecond=0)
    return [
        {
            "id": f"r{n}",
            "kind": kinds[luck.integers(len(kinds))],
            "person": ("ann", "bob")[luck.integers(2)],
            "item": ITEMS[luck.integers(len(ITEMS))],
            "trace": (None, "t1", "t2")[luck.integers(3)],
            "scene": (None, "home", "cheap")[luck.integers(3)],
            "time": (now - timedelta(seconds=int(ago))).isoformat(),
        }
        for n, ago in enumerate(_seconds(luck, count))
    ]


def _seconds(luck: np.random.Generator, count: int) -> np.ndarray:
    """Spare some minutes around what is old enough to be passed by: the test takes time, too."""
    ago = luck.integers(4 * 3600, size=count)
    return np.where(abs(ago - 1800) < 300, ago + 600, ago)


def answers(shown: dict[str, Any], done: dict[str, Any]) -> bool:
    """Tell whether an event is what came of an exposure."""
    late = datetime.fromisoformat(done["time"]) - datetime.fromisoformat(shown["time"])
    alike = all(done[side] == shown[side] for side in ("person", "item"))
    traces = {done["trace"], shown["trace"]}
    together = len(traces) == 1 or None in traces
    return done["kind"] in WORTH and alike and together and timedelta() <= late <= HOUR / 2


def test_views_equal_a_plain_computation(engine: Engine, tmp_path: Path) -> None:
    spec, events = open_tiny(engine, tmp_path, SHOP), stream(1)
    with engine.begin() as connection:
        load(connection, spec, "event", events)
    apply_spec(engine, spec, Quiet())
    old = {(f"e{n}", k) for n, (k, *_) in enumerate(EVENTS)}
    positive = {(e["id"], WORTH[e["kind"]]) for e in events if e["kind"] in WORTH}
    positive |= {(key, WORTH[kind]) for key, kind in old if kind in WORTH}
    assert set(read(engine, "SELECT id, weight FROM live.positive")) == positive
    shown = [e for e in events if e["kind"] == "expose"]
    taken = {e["id"]: any(answers(e, done) for done in events) for e in shown}
    recent = datetime.now(UTC) - HOUR / 2
    fresh = {e["id"] for e in shown if datetime.fromisoformat(e["time"]) > recent}
    found: dict[str, Any] = dict(read(engine, "SELECT id, taken FROM live.exposure"))
    assert found.pop("e5") is False
    assert found == {key: t or (None if key in fresh else False) for key, t in taken.items()}
    passed = {key for (key,) in read(engine, "SELECT id FROM live.passed")}
    assert passed == {key for key, t in taken.items() if not t and key not in fresh} | {"e5"}


def test_analysts_see_the_tiny_shop(engine: Engine, tmp_path: Path) -> None:
    apply_spec(engine, open_tiny(engine, tmp_path), Quiet())
    found = read(engine, KEYS.format("p.key, i.key, s.weight", "positive") + " ORDER BY s.weight")
    assert ("bob", "blue-cup", 5) in found
    assert len(found) == 5
    assert read(engine, KEYS.format("p.key, i.key", "passed")) == [("cat", "new-cup")]


def test_weights_are_those_of_the_live_release(engine: Engine, tmp_path: Path) -> None:
    text_ = TEXT.replace("\nrecall:", "\nevents: {positive: {purchase: 7}}\nrecall:")
    apply_spec(engine, open_tiny(engine, tmp_path, text_), Quiet())
    assert read(engine, "SELECT kind, weight FROM live.positive") == [("purchase", 7)]


def test_before_a_release_the_views_are_empty(engine: Engine, tmp_path: Path) -> None:
    open_tiny(engine, tmp_path)
    for view in ("positive", "exposure", "passed"):
        assert read(engine, f"SELECT * FROM live.{view}") == []
