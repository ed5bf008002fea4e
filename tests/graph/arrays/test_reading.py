from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from graph.arrays.reading import read_graph
from tests.graph.weaving import NOW, add_nodes, weave
from weft.errors import Conflict, NotFound

LIKED = [(2, 3, 4.0), (1, 1, 1.0), (1, 3, 2.0), (1, 2, 1.0), (3, 1, 8.0)]


def rows(edges):
    return list(
        zip(edges.sources().tolist(), edges.targets.tolist(), edges.weights.tolist(), strict=True)
    )


def test_edges_come_by_source_and_target_with_numbers_for_ids(engine: Engine) -> None:
    add_nodes(engine, person=4, item=3)
    weave(engine, "liked", ("person", "item"), LIKED)
    with engine.connect() as connection:
        graph = read_graph(connection)
    assert {kind: ids.tolist() for kind, ids in graph.nodes.items()} == {
        "item": [1, 2, 3],
        "person": [1, 2, 3, 4],
    }
    edges = graph.edges["liked"]
    assert rows(edges) == [(0, 0, 1), (0, 1, 1), (0, 2, 2), (1, 2, 4), (2, 0, 8)]
    assert edges.starts.tolist() == [0, 3, 4, 5, 5]


@pytest.mark.parametrize("weight", ["count", "confidence", "tfidf", "pmi", "jaccard"])
def test_weights_are_those_of_the_view(engine: Engine, weight: str) -> None:
    add_nodes(engine, person=4, item=3)
    faded = {"half_life": 86400.0, "landmark": NOW - timedelta(days=3)}
    weave(engine, "liked", ("person", "item"), LIKED, weight=weight, **faded)
    with engine.connect() as connection:
        read = read_graph(connection).edges["liked"]
        view = connection.execute(text("SELECT source, target, weight FROM live.edge")).all()
    shown = {(source - 1, target - 1): value for source, target, value in view}
    assert {(s, t): w for s, t, w in rows(read)} == pytest.approx(shown, rel=1e-6)
    if weight == "count":
        assert shown[2, 0] == pytest.approx(1.0)


def test_masses_beyond_products_of_floats_are_weighed(engine: Engine) -> None:
    add_nodes(engine, person=2, item=2)
    edges = [(1, 1, 2.0**590), (2, 2, 2.0**590)]
    weave(engine, "liked", ("person", "item"), edges, weight="pmi")
    with engine.connect() as connection:
        weights = read_graph(connection).edges["liked"].weights
    assert weights.tolist() == pytest.approx([np.log(2), np.log(2)])


def test_only_what_is_named_is_read(engine: Engine) -> None:
    add_nodes(engine, person=3, item=3, tag=1)
    weave(engine, "liked", ("person", "item"), LIKED)
    weave(engine, "tagged", ("item", "tag"), [])
    with engine.connect() as connection:
        graph = read_graph(connection, ["tagged"])
        assert (set(graph.edges), len(graph.edges["tagged"])) == ({"tagged"}, 0)
        with pytest.raises(NotFound, match="no edges called 'likes'; there are liked, tagged"):
            read_graph(connection, ["likes"])


def test_rows_that_do_not_fit_what_was_measured_are_noticed(engine: Engine) -> None:
    add_nodes(engine, person=3, item=3)
    weave(engine, "liked", ("person", "item"), LIKED)
    for change in ("INSERT INTO derived.edge VALUES ('liked', 2, 2, 1, 1)",
                   "DELETE FROM derived.edge WHERE source < 3"):  # fmt: skip
        with engine.begin() as connection:
            connection.execute(text(change))
            with pytest.raises(Conflict, match="changed while they were read"):
                read_graph(connection)


PAIRS = st.dictionaries(
    st.tuples(st.integers(1, 30), st.integers(1, 30)), st.floats(0.01, 1e6), max_size=200
)


@given(PAIRS)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_read_is_what_was_written(engine: Engine, pairs) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS derived.edge_liked"))
        connection.execute(
            text("TRUNCATE derived.edge_node, derived.edge_kind, item, person CASCADE")
        )
    add_nodes(engine, person=30, item=30)
    edges = [(source, target, mass) for (source, target), mass in pairs.items()]
    weave(engine, "liked", ("person", "item"), edges)
    with engine.connect() as connection:
        read = rows(read_graph(connection).edges["liked"])
    wanted = sorted((s - 1, t - 1, pytest.approx(m, rel=1e-6)) for s, t, m in sorted(edges))
    assert read == wanted
