import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph.graph import Graph, edges_of, turned

PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), min_size=1, max_size=40)


def edges(pairs):
    sources, targets = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    return edges_of("person", "item", sources, targets, np.arange(len(pairs), dtype=np.float32), 7)


@given(PAIRS)
def test_edges_are_the_pairs_that_went_in(pairs):
    made = edges(pairs)
    assert sorted(zip(made.sources().tolist(), made.targets.tolist(), strict=True)) == sorted(pairs)
    assert len(made) == len(pairs)


@given(PAIRS)
def test_turning_twice_gives_the_same_edges(pairs):
    made = edges(pairs)
    back = turned(turned(made, 5), 7)
    assert back.starts.tolist() == made.starts.tolist()
    assert back.targets.tolist() == made.targets.tolist()
    assert sorted(back.weights) == sorted(made.weights)


def test_a_backward_name_walks_edges_the_other_way():
    made = edges([(0, 3), (1, 3), (6, 0)])
    nodes = {"person": np.arange(7, dtype=np.int32), "item": np.arange(5, dtype=np.int32)}
    back = Graph(nodes, {"liked": made}).walked("~liked")
    assert (back.source, back.target) == ("item", "person")
    assert back.targets[back.starts[3] : back.starts[4]].tolist() == [0, 1]


def test_unknown_ids_have_no_number():
    graph = Graph({"item": np.array([2, 5, 9], np.int32), "tag": np.zeros(0, np.int32)}, {})
    assert graph.numbers("item", np.array([5, 3, 10, 2], np.int32)).tolist() == [1, -1, -1, 0]
    assert graph.numbers("tag", np.array([1], np.int32)).tolist() == [-1]
