"""Edges that were brought up to date batch by batch equal edges made from nothing."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from api.spec import Spec
from graph.edges import steps
from graph.edges.kinds import Graph
from tests.graph.edges.weaving import text_with
from tests.tiny import ITEMS, load, open_tiny
from weft.steps import Step, Work

EDGES = """\
    tagged: {type: tags}
    liked: {type: events, half_life: 6h}
    recent: {type: events, half_life: null, window: 1d}
    together: {type: sessions, gap: 20m, within: 2, half_life: 6h, weight: count}
    onward: {type: sessions, gap: 20m, within: 3, window: 1d, direction: forward, weight: count}
    far: {type: sessions, gap: 20h, within: 2, half_life: null, weight: count}
    fond: {type: through, path: [liked, tagged], top: 1}
    kin: {type: through, path: [~liked, liked], top: 2}
"""
FIRST = datetime(2026, 5, 1, 23, 30, tzinfo=UTC)  # sessions go over midnight
MOST = timedelta(days=4)
CLEAR = """
DELETE FROM event; DELETE FROM event_day; DELETE FROM derived.edge_kind
"""
STANDS = """
SELECT kind, source, target, weight, n FROM live.edge ORDER BY kind, source, target
"""
NODES = """
SELECT kind, side, node, degree, edge_node.mass * coalesce(power(2::float8,
    extract(epoch FROM whole.landmark - whole.moment) / half_life), 1) AS mass
FROM derived.edge_node JOIN derived.edge_kind AS whole USING (kind)
WHERE degree > 0 ORDER BY kind, side, node
"""
events = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["click", "click", "purchase", "expose"]),
        "person": st.sampled_from(["ann", "bob", "cat"]),
        "item": st.sampled_from([row[0] for row in ITEMS[:5]]),
        "day": st.integers(0, 3),
        "minute": st.integers(0, 90),
    }
)
batches = st.lists(st.lists(events, min_size=1, max_size=12), min_size=1, max_size=5)


class Loom:
    """A tiny shop whose edges are built without the engine of builds around."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.spec: Spec = open_tiny(engine, folder, text_with(EDGES))
        graph = self.spec.graph or Graph()
        self.steps = steps.steps(graph, self.spec.catalog, self.spec.events)
        self.numbers = count(1)

    def clear(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(CLEAR))

    def load(self, rows: Sequence[dict[str, Any]]) -> None:
        with self.engine.begin() as connection:
            load(connection, self.spec, "event", list(rows))

    def weave(self, moment: datetime) -> None:
        """Run every step, as a build would."""
        for step in self.steps:
            with self.engine.begin() as connection:
                self._run(connection, step, moment)

    def _run(self, connection: Connection, step: Step, moment: datetime) -> None:
        number = next(self.numbers)
        step.run(Work(connection, number, {}, moment, lambda _: None, lambda _: None))

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(question))]


@pytest.fixture
def loom(engine: Engine, tmp_path: Path) -> Iterator[Loom]:
    return Loom(engine, tmp_path)


def rows(batch: Sequence[dict[str, Any]], start: int) -> list[dict[str, Any]]:
    """Give rows to import; ids are in no order, and several events may have the same time."""
    return [
        {
            "id": f"{(start + place) * 7919 % 1009}-{start + place}",
            "time": (FIRST + timedelta(days=e["day"], minutes=e["minute"])).isoformat(),
            **{name: e[name] for name in ("kind", "person", "item")},
        }
        for place, e in enumerate(batch)
    ]


def assert_same(found: list[tuple[Any, ...]], wanted: list[tuple[Any, ...]]) -> None:
    """Whole numbers and words are equal, other numbers to nine digits."""
    assert [_exact(row) for row in found] == [_exact(row) for row in wanted]
    for one, two in zip(found, wanted, strict=True):
        assert [c for c in one if isinstance(c, float)] == pytest.approx(
            [c for c in two if isinstance(c, float)], rel=1e-9
        ), (one, two)


def _exact(row: tuple[Any, ...]) -> str:
    return json.dumps([cell for cell in row if not isinstance(cell, float)])


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stream=batches)
def test_incremental_edges_equal_rebuilt_edges(
    loom: Loom, stream: list[list[dict[str, Any]]]
) -> None:
    loom.clear()
    placed = 0
    for place, batch in enumerate(stream, 1):
        loom.load(rows(batch, placed))
        placed += len(batch)
        moment = FIRST + MOST * place / len(stream)
        loom.weave(moment)
    stands, nodes = loom.ask(STANDS), loom.ask(NODES)
    with loom.engine.begin() as connection:
        connection.execute(text("DELETE FROM derived.edge_kind"))
    loom.weave(moment)
    assert_same(stands, loom.ask(STANDS))
    assert_same(nodes, loom.ask(NODES))
