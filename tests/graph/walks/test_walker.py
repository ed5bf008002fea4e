import numpy as np
import pytest

from graph.graph import Graph, edges_of
from graph.walks.nets import Net, net_of
from graph.walks.trails import follower_of, trails_of
from graph.walks.walker import NOWHERE, walker_of
from weft.errors import BuildError

TIES = [(0, 1, 1.0), (0, 2, 2.0), (1, 2, 3.0), (2, 3, 1.0), (3, 4, 2.0), (1, 4, 1.0)]


def edges(source, target, rows, size):
    a, b, w = (np.array(side) for side in zip(*rows, strict=True))
    return edges_of(
        source, target, a.astype(np.int32), b.astype(np.int32), w.astype(np.float32), size
    )


def small(ties=TIES) -> Net:
    graph = Graph({"item": np.arange(6, dtype=np.int32)}, {"tied": edges("item", "item", ties, 6)})
    return net_of(graph, ["tied"])


def matrix(net: Net):
    out = np.zeros((net.size, net.size))
    for node in range(net.size):
        part = slice(net.starts[node], net.starts[node + 1])
        out[node, net.targets[part]] = net.weights[part]
    return out


def shop() -> Graph:
    nodes = {k: np.arange(n, dtype=np.int32) for k, n in (("person", 3), ("item", 4), ("tag", 2))}
    liked = edges("person", "item", [(0, 0, 1), (0, 1, 1), (1, 1, 5), (1, 2, 1), (2, 3, 1)], 3)
    tagged = edges("item", "tag", [(0, 0, 1), (1, 0, 1), (2, 1, 1)], 4)
    return Graph(nodes, {"liked": liked, "tagged": tagged})


def test_net_ties_both_ways_and_adds_up_what_stands_twice():
    net = small([*TIES, (1, 0, 4.0)])
    ties = matrix(net)
    assert (ties == ties.T).all()
    assert ties[0, 1] == 5
    assert all(
        (np.diff(net.targets[net.starts[n] : net.starts[n + 1]]) > 0).all() for n in range(net.size)
    )


def test_net_numbers_kinds_one_after_the_other():
    net = net_of(shop(), ["liked", "tagged"])
    assert net.spans == {"person": slice(0, 3), "item": slice(3, 7), "tag": slice(7, 9)}
    assert matrix(net)[4, 7] == 1


def test_weighted_walk_goes_by_weight():
    walks = walker_of(small(), 2)(np.zeros(40_000, np.int32), seed=1)
    shares = np.bincount(walks[:, 1], minlength=6) / len(walks)
    assert shares == pytest.approx([0, 1 / 3, 2 / 3, 0, 0, 0], abs=0.01)


@pytest.mark.parametrize(("p", "q"), [(0.25, 4), (4, 0.5), (1, 3), (0.01, 1), (2, 2)])
@pytest.mark.parametrize("even", [True, False])
def test_transitions_of_node2vec_are_those_of_its_formula(p, q, even):
    net = small([(a, b, 1.0) for a, b, _ in TIES] if even else TIES)
    ties = matrix(net)
    walks = walker_of(net, 12, p, q)(np.tile(np.arange(5, dtype=np.int32), 8_000), seed=3)
    counts = np.zeros((6, 6, 6))
    for at in range(2, 12):
        np.add.at(counts, (walks[:, at - 2], walks[:, at - 1], walks[:, at]), 1)
    for before, here in zip(*np.nonzero(counts.sum(2)), strict=True):
        bias = np.where(ties[before] > 0, 1, 1 / q)
        bias[before] = 1 / p
        wanted = ties[here] * bias / (ties[here] * bias).sum()
        total = counts[before, here].sum()
        spread = 5 * np.sqrt(wanted * (1 - wanted) / total) + 1e-9
        assert (np.abs(counts[before, here] / total - wanted) <= spread).all()


def test_walk_ends_where_there_is_no_way_on():
    walks = walker_of(small(), 4)(np.array([5], np.int32), seed=1)
    assert walks.tolist() == [[5, NOWHERE, NOWHERE, NOWHERE]]


@pytest.mark.parametrize("p", [1, 0.5])
def test_walk_is_the_same_in_whatever_part_it_is_made(p):
    walker = walker_of(small(), 9, p, 1)
    begins = np.arange(5, dtype=np.int32)
    whole = walker(begins, seed=4)
    parts = [walker(begins[:2], 4, 0), walker(begins[2:], 4, 2)]
    assert (whole == np.concatenate(parts)).all()
    assert (whole != walker(begins, seed=5)).any()


def test_trail_follows_its_path():
    graph = shop()
    path = ["liked", "tagged", "~tagged", "~liked"]
    trails = trails_of(graph, [path])
    follower = follower_of(trails, graph, path, 9)
    walks = follower(np.repeat(follower.begins, 200), seed=2)
    kinds = ["person", "item", "tag", "item", "person"]
    for at, kind in enumerate([*kinds, *kinds[1:]]):
        column = walks[:, at][walks[:, at] != NOWHERE]
        span = trails.spans[kind]
        assert ((column >= span.start) & (column < span.stop)).all()
    from_person_2 = walks[walks[:, 0] == trails.spans["person"].start + 2]
    assert (from_person_2[:, 2:] == NOWHERE).all()


def test_trail_goes_by_weight():
    graph = shop()
    trails = trails_of(graph, [["liked", "~liked"]])
    follower = follower_of(trails, graph, ["liked", "~liked"], 2)
    walks = follower(np.full(20_000, trails.spans["person"].start + 1, np.int32), seed=2)
    assert (walks[:, 1] == trails.spans["item"].start + 1).mean() == pytest.approx(5 / 6, abs=0.01)


def test_path_that_does_not_close_is_refused():
    with pytest.raises(BuildError, match="'tagged' leads to tag, but 'liked' begins at person"):
        trails_of(shop(), [["liked", "tagged"]])
