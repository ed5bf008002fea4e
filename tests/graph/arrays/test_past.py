from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from graph.arrays.past import read_past
from graph.arrays.reading import read_graph
from graph.edges.kind import Around
from tests.graph.arrays.test_reading import rows
from tests.graph.edges.weaving import weave
from tests.tiny import at
from weft.errors import PastNotKept
from weft.steps import Work

EDGES = """\
    tagged: {type: tags}
    liked: {type: events, half_life: 1h, weight: count}
    together: {type: sessions, gap: 2h, within: 2, half_life: 30d}
    fond: {type: through, path: [liked, tagged]}
"""


def work(connection: Connection, hours: float) -> Work:
    moment = datetime.fromisoformat(at(hours))
    return Work(connection, 0, {}, moment, lambda line: None, lambda share: None)


@pytest.fixture
def around(engine: Engine, tmp_path: Path) -> Around:
    spec = weave(engine, tmp_path, EDGES, "")
    return Around(spec.catalog, spec.events, dict(spec.graph.edges))


def test_only_events_until_then_are_in_it(engine: Engine, around: Around) -> None:
    with engine.begin() as connection:
        graph = read_past(work(connection, -3.5), around, ["liked", "together"])
    liked = graph.edges["liked"]
    assert rows(liked) == [(0, 0, pytest.approx(2**-1.5)), (0, 1, pytest.approx(2**-0.5))]
    together = graph.edges["together"]
    assert {(source, target) for source, target, _ in rows(together)} == {(0, 1), (1, 0)}


def test_the_past_of_now_is_what_stands(engine: Engine, around: Around) -> None:
    names = ["tagged", "liked", "together"]
    with engine.begin() as connection:
        then = read_past(work(connection, -1), around, names)
        now = read_graph(connection, names)
    for name in names:
        wanted = rows(now.edges[name])
        assert [row[:2] for row in rows(then.edges[name])] == [row[:2] for row in wanted]
        weights = [row[2] for row in wanted]
        assert [row[2] for row in rows(then.edges[name])] == pytest.approx(weights, rel=1e-5)


def test_paths_through_events_are_refused(engine: Engine, around: Around) -> None:
    with (
        engine.begin() as connection,
        pytest.raises(PastNotKept, match="fond: they go along liked"),
    ):
        read_past(work(connection, -1), around)
