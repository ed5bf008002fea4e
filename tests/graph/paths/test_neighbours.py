import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from sqlalchemy import Engine, text

from graph.paths.closeness import closest
from graph.paths.neighbours import common, neighbours
from graph.paths.nodes import find_nodes
from graph.paths.subgraphs import subgraph, whole
from graph.paths.views import as_networkx
from tests.graph.paths.test_paths import QUICK
from tests.graph.paths.worlds import SIZE, make, view, worlds
from weft.errors import BadRequest, NotFound


def asked(engine, question, *values, **options):
    with engine.connect() as connection:
        return question(connection, *values, **options)


def pagerank(graph, begin):
    """networkx's own matrix, and what walks over it settle at."""
    matrix = nx.google_matrix(graph, alpha=0.85, personalization={begin: 1})
    ranks = np.linalg.matrix_power(matrix, 2**10)[0]
    return dict(zip(graph, ranks.tolist(), strict=True))


def test_nodes_are_found_by_their_names_in_the_order_asked(silk: Engine) -> None:
    label = "INSERT INTO tag_label VALUES (1, 'en', 'preferred', 'Dress', 'dress')"
    with silk.begin() as connection:
        connection.execute(text(label))
    names = ["tag:t1", "item:i2", "value:city=v1", "keyword:w1", "person:p2", "tag:t2"]
    nodes = asked(silk, find_nodes, names)
    assert [str(node) for node in nodes] == names
    assert [node.label for node in nodes] == ["Dress", "Item 2", "v1", "Word 1", "p2", "t2"]


def test_names_that_mean_nothing_are_refused(silk: Engine) -> None:
    with pytest.raises(NotFound, match="there is no tag 'x'"):
        asked(silk, find_nodes, ["tag:x"])
    with pytest.raises(BadRequest, match="such as item:KEY; there are item, person"):
        asked(silk, find_nodes, ["thing:x"])


def test_neighbours_come_by_step_the_heaviest_first(silk: Engine) -> None:
    found = asked(silk, neighbours, ("item", 3))
    assert [(n.step, n.node.key, n.weight) for n in found] == [
        ("tagged", "t2", 1.0),
        ("tagged", "t1", 0.5),
    ]
    found = asked(silk, neighbours, ("tag", 1), ["~tagged"], top=2)
    assert [n.node.key for n in found] == ["i1", "i2"]
    assert asked(silk, neighbours, ("item", 4)) == ()


def test_common_tags_of_items_are_those_of_more_than_one(silk: Engine) -> None:
    found = asked(silk, common, [("item", 1), ("item", 2), ("item", 3)])
    assert [(one.node.key, one.by, one.degree) for one in found] == [("t1", 3, 3)]
    with pytest.raises(BadRequest, match="tagged begins at item, not at tag"):
        asked(silk, common, [("tag", 1), ("tag", 2)])


def test_a_subgraph_is_what_is_near_with_all_edges_between(silk: Engine) -> None:
    part = asked(silk, subgraph, ("item", 1), radius=2)
    assert sorted(map(str, part.nodes)) == [
        "item:i1", "item:i2", "item:i3", "keyword:w1", "tag:t1", "value:city=v1",
    ]  # fmt: skip
    ties = {(tie.edges, str(tie.source), str(tie.target)) for tie in part.ties}
    assert ("tagged", "item:i3", "tag:t1") in ties
    assert ("tagged", "item:i3", "tag:t2") not in ties
    assert len(ties) == len(part.ties) == 5


def test_a_subgraph_holds_no_more_nodes_than_asked(silk: Engine) -> None:
    part = asked(silk, subgraph, ("tag", 1), radius=3, most=3)
    assert len(part.nodes) == 3
    assert part.nodes[0].key == "t1"


@QUICK
@given(worlds)
def test_a_subgraph_is_networkx_own_neighbourhood(engine: Engine, world) -> None:
    make(engine, world)
    graph = view(world, backwards=False)
    graph.add_node(("item", 1))
    near = nx.ego_graph(graph.to_undirected(), ("item", 1), radius=2)
    part = asked(engine, subgraph, ("item", 1), radius=2)
    assert {node.place for node in part.nodes} == set(near)
    shown = {(tie.edges, tie.source.place, tie.target.place) for tie in part.ties}
    inside = graph.subgraph(near)
    assert shown == {(key, source, target) for source, target, key in inside.edges(keys=True)}


@QUICK
@given(worlds)
def test_the_whole_graph_as_networkx_has_all_nodes_and_edges(engine: Engine, world) -> None:
    make(engine, world)
    shown = as_networkx(asked(engine, whole))
    assert len(shown) == 3 * SIZE
    wanted = [
        (key, f"{s[0]}:{s[0][0]}{s[1]}", f"{t[0]}:{t[0][0]}{t[1]}", mass)
        for s, t, key, mass in view(world, False).edges(keys=True, data="mass")
    ]
    made = [(key, s, t, w) for s, t, key, w in shown.edges(keys=True, data="weight")]
    assert [edge[:3] for edge in sorted(made)] == [edge[:3] for edge in sorted(wanted)]
    assert [edge[3] for edge in sorted(made)] == pytest.approx([e[3] for e in sorted(wanted)])


@QUICK
@given(worlds)
def test_closeness_is_personalised_pagerank(engine: Engine, world) -> None:
    make(engine, world)
    graph = nx.DiGraph()
    graph.add_node(("item", 1))
    steps = view(world)
    for near in steps:
        kinds = {key for _, _, key in steps.out_edges(near, keys=True)}
        for kind in kinds:
            here = [e for e in steps.out_edges(near, keys=True, data="mass") if e[2] == kind]
            mass = sum(e[3] for e in here)
            for _, far, _, own in here:
                before = graph.get_edge_data(near, far, {"weight": 0.0})["weight"]
                graph.add_edge(near, far, weight=before + own / mass / len(kinds))
    oracle = pagerank(graph, ("item", 1))
    found = asked(engine, closest, ("item", 1), top=100, small=1e-9)
    wanted = {place: score for place, score in oracle.items() if score > 1e-6}
    del wanted["item", 1]
    shown = {one.node.place: one.score for one in found if one.score > 1e-6}
    assert shown == pytest.approx(wanted, abs=1e-5)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_closest_of_a_kind_leaves_out_the_others(silk: Engine) -> None:
    found = asked(silk, closest, ("person", 1), "item")
    assert [one.node.key for one in found] == ["i1", "i2", "i3"]
