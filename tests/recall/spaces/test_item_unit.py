from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from graph.graph import Edges, Floats, edges_of
from recall.spaces.item_unit import ItemUnit
from recall.spaces.trained import Lesson, Sessions
from recall.units.placing import Units
from tests.recall.spaces.worlds import two_cliques
from weft.errors import BuildError

SIZE = 20  # items of each group
OPTIONS = {"dim": 8, "steps": 80, "batch": 64, "negatives": 16}


def of_tags(groups: list[int]) -> Edges:
    """Give items a tag of their group, and one that all have."""
    pairs = [(item, tag) for item, group in enumerate(groups) for tag in (group, 2)]
    sources, targets = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    return edges_of("item", "tag", sources, targets, np.ones(len(pairs), np.float32), len(groups))


def lesson(sessions: bool = True) -> Lesson:
    told = two_cliques(SIZE)
    graph = told.graph
    tagged = of_tags([0] * SIZE + [1] * SIZE)
    nodes = {**graph.nodes, "tag": np.arange(1, 4, dtype=np.int32)}
    whole = replace(graph, nodes=nodes, edges={**graph.edges, "tagged": tagged})
    none = Sessions(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
    return replace(told, graph=whole, sessions=told.sessions if sessions else none)


@cache
def learned(ids: bool = True, sessions: bool = True) -> Units:
    space = ItemUnit(type="item-unit", units=["tagged"], ids=ids, **OPTIONS)
    return space.fit(lesson(sessions))


def nearest(places: Floats, vectors: Floats) -> np.ndarray:
    return np.argsort(-(places @ vectors.T), axis=1)[:, :5]


@pytest.mark.parametrize("ids", [True, False])
def test_new_items_are_placed_among_their_like(ids: bool) -> None:
    space = ItemUnit(type="item-unit", units=["tagged"], ids=ids, **OPTIONS)
    placer = space.load(learned(ids).save())
    new = placer.embed("item", {"tagged": of_tags([0, 1])})
    near = nearest(new, learned(ids).vectors["item"])
    assert ((near[0] < SIZE).mean(), (near[1] >= SIZE).mean()) == (1, 1)


def test_an_item_is_where_its_attributes_put_it() -> None:
    model = learned(ids=False)
    again = model.embed("item", {"tagged": lesson().graph.edges["tagged"]})
    assert np.allclose(again, model.vectors["item"], atol=1e-5)


def test_attributes_have_vectors_of_the_same_space() -> None:
    vectors = learned().vectors
    near = nearest(vectors["tag"][:2], vectors["item"])
    assert ((near[0] < SIZE).all(), (near[1] >= SIZE).all()) == (True, True)


def test_a_new_attribute_is_among_its_items() -> None:
    model = learned()
    sources, targets = np.zeros(3, np.int32), np.arange(3, dtype=np.int32)
    back = edges_of("tag", "item", sources, targets, np.ones(3, np.float32), 1)
    assert (nearest(model.embed("tag", {"~tagged": back}), model.vectors["item"]) < SIZE).all()


def test_items_of_which_nothing_is_known_are_in_the_middle() -> None:
    model = learned()
    none = np.zeros(0, np.int32)
    bare = edges_of("item", "tag", none, none, np.zeros(0, np.float32), 2)
    assert np.allclose(model.embed("item", {"tagged": bare}), model.mean)


def test_without_any_behaviour_attributes_are_enough() -> None:
    near = nearest(learned(sessions=False).vectors["item"][:1], learned().vectors["item"])
    assert near.shape == (1, 5)
    vectors = learned(ids=False, sessions=False).vectors["item"]
    assert (nearest(vectors[:1], vectors) < SIZE).all()


def test_only_attributes_of_items_are_units() -> None:
    space = ItemUnit(type="item-unit", units=["together"], **OPTIONS)
    with pytest.raises(BuildError, match="'together' ties items and items"):
        space.fit(lesson())
