import numpy as np

from graph.graph import Graph, edges_of
from recall.spaces.whole import once, whole_of, with_itself
from tests.recall.spaces.worlds import two_cliques


def dense(edges):
    size = len(edges.starts) - 1
    matrix = np.zeros((size, size), np.float32)
    np.add.at(matrix, (edges.sources(), edges.targets), edges.weights)
    return matrix


def edges(source, target, pairs, weights, size):
    sources, targets = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    return edges_of(source, target, sources, targets, np.array(weights, np.float32), size)


def test_all_kinds_are_one_symmetric_matrix_that_can_be_taken_apart():
    graph = two_cliques().graph
    whole = whole_of(graph, ["liked", "together"])
    matrix = dense(whole.edges)
    assert np.allclose(matrix, matrix.T)
    assert whole.sizes == {"person": 40, "item": 40}
    apart = whole.apart(np.arange(80, dtype=np.float32)[:, None])
    assert apart["item"][0] == whole.offsets["item"] == 40


def test_each_kind_of_edge_is_balanced_by_its_own_ends():
    liked = edges("person", "item", [(0, 0), (0, 1), (1, 1)], [1, 3, 1], 2)
    graph = Graph({kind: np.arange(2, dtype=np.int32) for kind in ("person", "item")}, {"l": liked})
    matrix = dense(whole_of(graph, ["l"]).edges)
    assert np.isclose(matrix[0, 3], 3 / np.sqrt(4 * 4))
    assert np.isclose(matrix[3, 1], 1 / np.sqrt(1 * 4))


def test_edges_given_twice_are_one_edge_of_their_sum():
    twice = edges("item", "item", [(0, 1), (0, 1), (1, 0)], [1, 2, 4], 2)
    assert dense(once(twice)).tolist() == [[0, 3], [4, 0]]
    assert len(once(twice)) == 2


def test_a_node_is_tied_to_itself_once():
    own = with_itself(edges("item", "item", [(0, 0), (0, 1)], [1, 1], 2))
    assert dense(own).tolist() == [[2, 1], [0, 1]]
    assert len(own) == 3
