from math import prod

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine, event

from graph.paths.reasons import ways_to
from tests.graph.paths.worlds import SIZE, make, view, worlds

QUICK = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
BEGINS = {("person", 1): 1.0, ("item", 2): 0.7, ("item", 3): 0.4}
ENDS = [("item", number) for number in range(1, SIZE + 1)]


def test_an_item_is_tied_by_what_it_shares_with_another(silk: Engine) -> None:
    with silk.connect() as connection:
        ways = ways_to(connection, {("item", 1): 0.5}, [("item", 2), ("item", 4)])
    assert ways.keys() == {("item", 2)}
    way = ways["item", 2]
    assert way.places == (("item", 1), ("tag", 1), ("item", 2))
    assert tuple(map(str, way.steps)) == ("tagged", "~tagged")
    assert way.weight == pytest.approx(0.5 / 2.5)


def test_edges_that_are_not_named_are_not_gone(silk: Engine) -> None:
    with silk.connect() as connection:
        assert ways_to(connection, {("item", 1): 1.0}, [("item", 2)], ["means", "gone"]) == {}
        assert ways_to(connection, {}, [("item", 2)]) == {}


def test_a_page_takes_three_statements(silk: Engine) -> None:
    asked = []
    event.listen(silk, "before_cursor_execute", lambda *told: asked.append(told[2]))
    with silk.connect() as connection:
        ways_to(connection, {("item", 1): 1.0}, [("item", n) for n in range(1, 4)])
    assert len(asked) == 3


@QUICK
@given(worlds)
def test_ways_are_the_best_of_all_ways_of_two_steps(engine: Engine, world) -> None:
    make(engine, world)
    graph = view(world)
    graph.add_nodes_from([*BEGINS, *ENDS])
    with engine.connect() as connection:
        ways = ways_to(connection, BEGINS, ENDS)
    for end in ENDS:
        every = [
            weight * prod(graph.edges[edge]["share"] for edge in path)
            for begin, weight in BEGINS.items()
            if begin != end
            for path in nx.all_simple_edge_paths(graph, begin, end, cutoff=2)
        ]
        found = ways.get(end)
        assert (found.weight if found else 0.0) == pytest.approx(max(every, default=0.0))
