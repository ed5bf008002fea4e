from math import prod, sqrt

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine

from graph.arrays.kinds import read_kinds
from graph.paths.paths import top_paths
from graph.paths.steps import both_ways, patterns
from tests.asking import ask
from tests.graph.paths.worlds import make, view, worlds
from tests.graph.weaving import add_nodes, weave
from weft.errors import BadRequest, NotFound

QUICK = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def found(engine, *question, **options):
    with engine.connect() as connection:
        return top_paths(connection, *question, **options)


def test_an_item_is_explained_by_tag_keyword_and_person(silk: Engine) -> None:
    [path] = found(silk, ("item", 1), ("person", 1), ("tagged", "~means", "~searched"))
    assert str(path) == "item:i1 –tagged→ tag:t1 –~means→ keyword:w1 –~searched→ person:p1"
    assert [node.label for node in path.nodes] == ["Item 1", "t1", "Word 1", "p1"]
    assert path.weight == pytest.approx(1 / sqrt(2.5))


def test_without_a_pattern_every_way_up_to_three_steps_is_tried(silk: Engine) -> None:
    assert found(silk, ("item", 1), ("person", 2)) == ()
    [path] = found(silk, ("item", 3), ("person", 2))
    assert path.steps == ("tagged", "~means", "~searched")
    assert found(silk, ("item", 3), ("person", 2), edges=["tagged", "means"]) == ()


def test_a_path_is_the_same_from_both_ends(silk: Engine) -> None:
    there = found(silk, ("item", 3), ("keyword", 1))
    back = found(silk, ("keyword", 1), ("item", 3))
    assert [p.nodes for p in there] == [p.nodes[::-1] for p in back]
    assert [p.weight for p in there] == pytest.approx([p.weight for p in back])


def test_no_node_stands_twice_in_a_path(silk: Engine) -> None:
    for path in found(silk, ("item", 1), ("item", 2), longest=4, top=50):
        assert len(set(path.nodes)) == len(path.nodes)


def test_patterns_that_do_not_fit_are_refused(silk: Engine) -> None:
    with pytest.raises(BadRequest, match="~means begins at tag, and here is item"):
        found(silk, ("item", 1), ("person", 1), ("~means", "~searched"))
    with pytest.raises(BadRequest, match="it ends at tag, and has to end at person"):
        found(silk, ("item", 1), ("person", 1), ("tagged",))
    with pytest.raises(NotFound, match="no edges called 'tags'"):
        found(silk, ("item", 1), ("person", 1), ("tags",))
    with pytest.raises(BadRequest, match="two different nodes"):
        found(silk, ("item", 1), ("item", 1))


def test_coroutines_ask_the_same_question(silk: Engine) -> None:
    question = (("item", 1), ("person", 1))
    answer = ask(silk, lambda connection: connection.run_sync(top_paths, *question))
    assert answer == found(silk, *question)


def test_a_crowd_at_either_end_hides_no_path_of_two_steps(engine: Engine) -> None:
    add_nodes(engine, item=2, person=200)
    crowd = [(person, 1, 10.0) for person in range(1, 201)]
    weave(engine, "liked", ("person", "item"), [*crowd, (150, 2, 0.1)])
    for near, far in ((1, 2), (2, 1)):
        [path] = found(engine, ("item", near), ("item", far), ("~liked", "liked"))
        assert path.nodes[1].key == "p150"


@QUICK
@given(worlds)
def test_paths_are_the_best_of_all_paths(engine: Engine, world) -> None:
    make(engine, world)
    graph = view(world)
    near, far = ("person", 1), ("tag", 1)
    graph.add_nodes_from([near, far])
    every = [
        prod(graph.edges[edge]["share"] for edge in path)
        for path in nx.all_simple_edge_paths(graph, near, far, cutoff=3)
    ]
    paths = found(engine, near, far, top=4)
    best = sorted(every, reverse=True)[:4]
    assert [path.weight for path in paths] == pytest.approx(best)


def test_patterns_lead_from_one_kind_to_the_other(silk: Engine) -> None:
    with silk.connect() as connection:
        steps = both_ways(read_kinds(connection))
    made = [tuple(map(str, pattern)) for pattern in patterns(steps, "item", "keyword")]
    assert made == [("tagged", "~means")]
    made = [tuple(map(str, pattern)) for pattern in patterns(steps, "item", "person")]
    assert made == [("tagged", "~means", "~searched")]
