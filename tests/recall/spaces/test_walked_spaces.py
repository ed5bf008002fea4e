import dataclasses

import numpy as np
import pytest

from graph.graph import edges_of
from recall.spaces.deepwalk import DeepWalk
from recall.spaces.item2vec import Item2Vec
from recall.spaces.metapath2vec import MetaPath2Vec
from recall.spaces.node2vec import Node2Vec
from recall.spaces.trained import NOTHING_DONE, Lesson
from tests.recall.spaces.worlds import checkerboard, two_cliques, world_of
from weft.errors import BuildError

WALKS = {"over": ["liked"], "dim": 16, "walks": 20, "length": 20, "rate": 0.1}
SPACES = {
    "item2vec": Item2Vec(type="item2vec", dim=16, epochs=20, shuffled=True, rate=0.1),
    "item2vec, whole sessions": Item2Vec(type="item2vec", dim=16, epochs=5, window=0, rate=0.1),
    "item2vec, cbow": Item2Vec(
        type="item2vec", dim=16, epochs=60, method="cbow", shuffled=True, rate=0.2
    ),
    "deepwalk": DeepWalk(type="deepwalk", **WALKS),
    "node2vec": Node2Vec(type="node2vec", **WALKS),
    "metapath2vec": MetaPath2Vec(type="metapath2vec", paths=[["liked", "~liked"]], **WALKS),
}


@pytest.fixture(params=SPACES)
def space(request):
    return SPACES[request.param]


def test_items_of_the_own_colour_come_first(space):
    lesson = checkerboard()
    scores = space.fit(lesson).score(np.arange(40, dtype=np.int32))
    own = np.add.outer(np.arange(40), np.arange(40)) % 2 == 0
    first = np.argsort(-scores, axis=1)[:, :20]
    assert np.take_along_axis(own, first, 1).mean() > 0.97


def test_item_left_out_is_found_again(space):
    """The only item of the own colour that is not seen has to be the best unseen one."""
    lesson = checkerboard()
    scores = space.fit(lesson).score(np.arange(40, dtype=np.int32))
    liked = lesson.graph.edges["liked"]
    scores[liked.sources(), liked.targets] = -np.inf
    assert (scores.argmax(1) == np.arange(40)).mean() > 0.9


def test_groups_stay_apart(space):
    vectors = space.fit(two_cliques()).vectors["item"]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    near = unit @ unit.T
    assert near[:20, :20].mean() > near[:20, 20:].mean() + 0.3


def test_same_seed_gives_the_same_space(space):
    one, two = (space.fit(two_cliques()).vectors for _ in range(2))
    assert one.keys() == two.keys()
    assert all((one[kind] == two[kind]).all() for kind in one)
    other = space.fit(dataclasses.replace(two_cliques(), seed=8)).vectors
    assert (one["item"] != other["item"]).any()


def test_all_cores_learn_as_well(space):
    lesson = dataclasses.replace(checkerboard(), threads=2)
    scores = space.fit(lesson).score(np.arange(40, dtype=np.int32))
    own = np.add.outer(np.arange(40), np.arange(40)) % 2 == 0
    assert scores[own].mean() > scores[~own].mean()


def test_walks_over_items_alone_tell_groups_apart():
    lesson = two_cliques()
    graph = dataclasses.replace(lesson.graph, edges={"together": lesson.graph.edges["together"]})
    space = DeepWalk(type="deepwalk", **{**WALKS, "over": ["together"]})
    vectors = space.fit(dataclasses.replace(lesson, graph=graph)).vectors
    assert vectors.keys() == {"item"}
    near = vectors["item"] @ vectors["item"].T
    assert near[:20, :20].mean() > near[:20, 20:].mean()


def test_tags_on_a_path_have_vectors_too():
    lesson = checkerboard()
    items = np.arange(40, dtype=np.int32)
    ones = np.ones(40, np.float32)
    tagged = edges_of("item", "tag", items, items % 2, ones, 40)
    nodes = {**lesson.graph.nodes, "tag": np.array([1, 2], np.int32)}
    graph = dataclasses.replace(
        lesson.graph, nodes=nodes, edges={**lesson.graph.edges, "tagged": tagged}
    )
    space = MetaPath2Vec(type="metapath2vec", **{**WALKS, "over": ["liked", "tagged"]})
    vectors = space.fit(dataclasses.replace(lesson, graph=graph)).vectors
    assert vectors["tag"].shape == (2, 16)
    near = vectors["person"] @ vectors["tag"].T
    assert (near[::2, 0] > near[::2, 1]).mean() > 0.9


def test_negatives_of_the_same_city_tell_items_of_a_city_apart():
    lesson = dataclasses.replace(two_cliques(), groups={"city": np.zeros(40, np.int32)})
    space = DeepWalk(type="deepwalk", within={"city": 0.5}, **WALKS)
    assert space.fit(lesson).vectors["item"].shape == (40, 16)


def test_unknown_groups_are_refused():
    space = DeepWalk(type="deepwalk", within={"town": 0.5}, **WALKS)
    lesson = dataclasses.replace(two_cliques(), groups={"city": np.zeros(40, np.int32)})
    with pytest.raises(BuildError, match="no groups by 'town'; there are city"):
        space.fit(lesson)


def test_shares_of_more_than_all_are_refused():
    with pytest.raises(ValueError, match=r"add up to 1\.6"):
        DeepWalk(type="deepwalk", within={"city": 0.8, "seller": 0.8}, **WALKS)


def test_person_who_liked_nothing_has_the_place_that_walks_gave():
    """Person 40 searched as the even ones do, and liked nothing."""
    lesson = checkerboard()
    liked = lesson.graph.edges["liked"]
    starts = np.append(liked.starts, liked.starts[-1])
    persons = np.arange(41, dtype=np.int32)
    searched = edges_of("person", "word", persons, persons % 2, np.ones(41, np.float32), 41)
    nodes = {**lesson.graph.nodes, "person": persons, "word": np.arange(2, dtype=np.int32)}
    edges = {"liked": dataclasses.replace(liked, starts=starts), "searched": searched}
    graph = dataclasses.replace(lesson.graph, nodes=nodes, edges=edges)
    space = DeepWalk(type="deepwalk", **{**WALKS, "over": ["liked", "searched"]})
    scores = space.fit(dataclasses.replace(lesson, graph=graph)).score(persons[40:])[0]
    assert scores[::2].mean() > scores[1::2].mean()


def test_path_of_undeclared_edges_is_refused():
    with pytest.raises(ValueError, match="'tagged' is not among `over`"):
        MetaPath2Vec(type="metapath2vec", over=["liked"], paths=[["liked", "tagged"]])


@pytest.mark.parametrize("name", ["item2vec", "deepwalk", "metapath2vec"])
def test_nothing_to_learn_from_is_said(name):
    none = np.zeros(0, np.int32)
    lesson: Lesson = world_of(
        edges_of("person", "item", none, none, np.zeros(0, np.float32), 3), 3, 3
    )
    with pytest.raises(BuildError, match=r"no (sessions|edges)"):
        SPACES[name].fit(dataclasses.replace(lesson, sessions=NOTHING_DONE))
