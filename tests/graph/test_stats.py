import networkx as nx
import pytest
from hypothesis import given
from sqlalchemy import Engine, text

from graph.stats.stats import Parts, read_stats
from tests.graph.paths.test_paths import QUICK
from tests.graph.paths.worlds import ENDS, SIZE, make, view, worlds
from tests.graph.weaving import add_nodes, weave


def stats(engine, *names):
    with engine.connect() as connection:
        return read_stats(connection, names)


def test_degrees_coverage_parts_and_orphans(engine: Engine) -> None:
    add_nodes(engine, item=4, tag=3)
    weave(engine, "tagged", ("item", "tag"), [(1, 1, 1.0), (2, 1, 1.0), (3, 2, 1.0)])
    found = stats(engine)
    [tagged] = found.edges
    assert (tagged.source.node, tagged.source.covered) == ("item", 0.75)
    assert (tagged.source.degrees, tagged.target.degrees) == ((1, 1, 1, 1), (1, 2, 2, 2))
    assert tagged.target.covered == pytest.approx(2 / 3)
    assert tagged.parts == found.parts == Parts(2, 3)
    assert [(n.kind, n.count, n.orphans) for n in found.nodes] == [("item", 4, 1), ("tag", 3, 1)]


def test_what_is_removed_or_retired_is_no_orphan(engine: Engine) -> None:
    add_nodes(engine, item=3, tag=3)
    weave(engine, "tagged", ("item", "tag"), [(1, 1, 1.0)])
    with engine.begin() as connection:
        connection.execute(text("UPDATE item SET removed_at = now() WHERE id = 2"))
        connection.execute(text("UPDATE tag SET retired_at = now() WHERE id = 2"))
        connection.execute(text("UPDATE tag SET redirect = 1 WHERE id = 3"))
    found = stats(engine)
    assert [(n.count, n.orphans) for n in found.nodes] == [(2, 1), (1, 0)]


def test_a_graph_without_edges_has_no_parts(engine: Engine) -> None:
    assert stats(engine).parts == Parts(0, 0)
    add_nodes(engine, item=1)
    weave(engine, "together", ("item", "item"), [])
    found = stats(engine)
    assert (found.parts, found.edges[0].source.degrees) == (Parts(0, 0), (0, 0, 0, 0))


@QUICK
@given(worlds)
def test_parts_are_the_components_of_networkx(engine: Engine, world) -> None:
    make(engine, world)
    found = stats(engine)
    parts = sorted(map(len, nx.connected_components(view(world, False).to_undirected())))
    assert found.parts == Parts(len(parts), parts[-1] if parts else 0)
    for one in found.edges:
        alone = view({one.kind.name: world[one.kind.name]}, False).to_undirected()
        assert one.parts.count == nx.number_connected_components(alone)
    orphans = {node.kind: node.orphans for node in found.nodes}
    tied = [kind for kind, _ in view(world)]
    assert orphans == {
        kind: SIZE - tied.count(kind) for kind in {e for p in ENDS.values() for e in p}
    }
