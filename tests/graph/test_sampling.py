"""What is drawn: only neighbours, at most as many as asked for, by weight where that is wanted."""

import numpy as np
import pytest

from graph.graph import Edges, edges_of
from graph.sampling import ALL, layers_of, neighbours

PERSONS, ITEMS = 30, 50


def random_edges(seed: int = 1, count: int = 400) -> Edges:
    draw = np.random.default_rng(seed)
    codes = draw.choice(PERSONS * ITEMS, count, replace=False)
    sources, targets = (codes // ITEMS).astype(np.int32), (codes % ITEMS).astype(np.int32)
    weights = draw.random(count).astype(np.float32) + 0.1
    return edges_of("person", "item", sources, targets, weights, PERSONS)


def row(edges: Edges, node: int) -> dict[int, float]:
    part = slice(edges.starts[node], edges.starts[node + 1])
    return dict(zip(edges.targets[part].tolist(), edges.weights[part].tolist(), strict=True))


def relations() -> dict[str, Edges]:
    liked = random_edges()
    back = edges_of("item", "person", liked.targets, liked.sources(), liked.weights, ITEMS)
    return {"liked": liked, "~liked": back}


@pytest.mark.parametrize("weighted", [False, True])
def test_only_real_neighbours_are_drawn_each_once_and_no_more_than_the_fan(weighted):
    edges, nodes = random_edges(), np.array([3, 0, 29, 3], np.int32)
    drawn = neighbours(edges, nodes, 5, seed=1, weighted=weighted)
    for place, node in enumerate(nodes):
        known, found = row(edges, int(node)), drawn.targets[slice(*drawn.starts[place : place + 2])]
        assert set(found.tolist()) <= set(known)
        assert len(set(found.tolist())) == len(found) == min(5, len(known))


def test_no_fan_takes_every_neighbour_with_its_weight():
    edges, nodes = random_edges(), np.arange(PERSONS, dtype=np.int32)
    drawn = neighbours(edges, nodes, ALL, seed=1)
    assert all(row(drawn, node) == row(edges, node) for node in nodes)


def test_what_is_drawn_by_weight_counts_alike():
    edges = random_edges()
    drawn = neighbours(edges, np.array([0], np.int32), 2, seed=1, weighted=True)
    assert drawn.weights.tolist() == [1, 1]


def test_a_node_without_neighbours_has_an_empty_row():
    edges = edges_of("item", "item", *np.zeros((2, 0), np.int32), np.zeros(0, np.float32), 3)
    assert neighbours(edges, np.array([2, 0], np.int32), 5, seed=1).starts.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("weighted", "wanted"), [(False, [0.25] * 4), (True, [0.1, 0.2, 0.3, 0.4])]
)
def test_chances_follow_the_weights_or_are_alike(weighted, wanted):
    targets, weights = np.arange(4, dtype=np.int32), np.array([1, 2, 3, 4], np.float32)
    edges = edges_of("item", "item", np.zeros(4, np.int32), targets, weights, 1)
    drawn = neighbours(edges, np.zeros(20_000, np.int32), 1, seed=5, weighted=weighted)
    shares = np.bincount(drawn.targets, minlength=4) / 20_000
    assert np.abs(shares - wanted).max() < 0.015


def test_two_of_three_are_drawn_alike_often_as_pairs():
    edges = edges_of(
        "item",
        "item",
        np.zeros(3, np.int32),
        np.arange(3, dtype=np.int32),
        np.ones(3, np.float32),
        1,
    )
    drawn = neighbours(edges, np.zeros(9_000, np.int32), 2, seed=2).targets.reshape(-1, 2)
    missing = np.bincount(3 - drawn.sum(1), minlength=3) / 9_000
    assert np.abs(missing - 1 / 3).max() < 0.03


def test_the_same_seed_draws_the_same_and_another_seed_does_not():
    edges, nodes = random_edges(), np.arange(PERSONS, dtype=np.int32)
    once, again, other = (neighbours(edges, nodes, 3, seed).targets for seed in (1, 1, 2))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_layers_hold_those_asked_for_first_and_link_only_to_real_neighbours():
    edges, asked = relations(), {"person": np.array([2, 7], np.int32)}
    deep, shallow = layers_of(edges, asked, [3, 2], seed=4)
    assert shallow.asked == {"person": 2, "item": 0}
    assert shallow.nodes["person"][:2].tolist() == [2, 7]
    assert {kind: len(nodes) for kind, nodes in shallow.nodes.items()} == deep.asked
    for layer, fan in ((deep, 3), (shallow, 2)):
        fan = 5 - fan  # `fans` begin at the nodes asked for
        for name, links in layer.links.items():
            for place in range(layer.asked[links.source]):
                node = int(layer.nodes[links.source][place])
                found = layer.nodes[links.target][list(row(links, place))].tolist()
                assert set(found) <= set(row(edges[name], node))
                assert len(found) == min(fan, len(row(edges[name], node)))


def test_layers_with_every_neighbour_reach_all_that_is_near():
    edges = relations()
    deep, _ = layers_of(edges, {"person": np.array([2], np.int32)}, [ALL, ALL], seed=4)
    items = row(edges["liked"], 2)
    near = {2}.union(*(row(edges["~liked"], item) for item in items))
    assert set(deep.nodes["person"].tolist()) == near
