import io

import numpy as np
import pytest

from graph.graph import Graph, edges_of
from recall.spaces.linear import Linear
from recall.spaces.trained import Lesson
from tests.recall.spaces.worlds import checkerboard, liked_of, two_cliques
from weft.errors import BuildError

EVERYBODY = np.arange(40, dtype=np.int32)


def linear(**options):
    return Linear(type="linear", **{"over": ["liked"], "dim": 8, **options})


def test_neighbours_are_of_the_same_colour_and_never_the_item_itself():
    near = linear().fit(checkerboard()).neighbours(7)
    assert np.diff(near.starts).tolist() == [7] * 40
    assert ((near.sources() + near.targets) % 2 == 0).all()
    assert (near.sources() != near.targets).all()


def test_a_person_is_scored_by_the_sum_of_what_they_like():
    lesson = two_cliques()
    model = linear(over=["liked", "together"]).fit(lesson)
    liked = lesson.graph.edges["liked"]
    own = edges_of("item", "item", EVERYBODY, EVERYBODY, np.ones(40, np.float32), 40)
    each = model.near(own)
    for person in (0, 33):
        items = liked.targets[liked.starts[person] : liked.starts[person + 1]]
        assert np.allclose(model.score(np.array([person])), each[items].sum(0), rtol=1e-3)


def test_without_its_spectrum_and_powers_the_filter_is_a_balanced_product():
    lesson = checkerboard()
    model = linear(smooth=0, sharing=1, liked_power=0.5, scored_power=0.5).fit(lesson)
    likes = np.zeros((40, 40), np.float32)
    liked = lesson.graph.edges["liked"]
    likes[liked.sources(), liked.targets] = 1
    even = likes / np.sqrt(likes.sum(1, keepdims=True) * likes.sum(0))
    expected = likes @ even.T @ even
    assert np.allclose(model.score(EVERYBODY), expected * likes.sum() / expected.sum(), rtol=1e-3)


def known() -> Lesson:
    """Two persons, four items; nobody likes item 3, which shares its maker with item 0."""
    liked = liked_of([(0, 0), (0, 1), (1, 1), (1, 2)], 2)
    pairs = np.array([0, 3, 1], np.int32), np.array([0, 0, 1], np.int32)
    has = edges_of("item", "value", *pairs, np.ones(3, np.float32), 4)
    sizes = {"person": 2, "item": 4, "value": 2}
    nodes = {kind: np.arange(1, size + 1, dtype=np.int32) for kind, size in sizes.items()}
    return Lesson(Graph(nodes, {"liked": liked, "has": has}))


def test_what_is_known_of_an_item_brings_it_to_those_who_like_its_kin():
    person = np.array([0, 1], np.int32)
    alone, knowing = (
        linear(over=over).fit(known()).score(person) for over in (["liked"], ["liked", "has"])
    )
    assert abs(alone[0, 3]) < 1e-5
    assert knowing[0, 3] > 1e-3
    assert knowing[0, 3] > knowing[1, 3]


def test_values_have_vectors_too():
    assert linear(over=["liked", "has"]).fit(known()).vectors["value"].shape == (2, 8)


def test_edges_that_touch_no_item_are_refused_by_name():
    lesson = known()
    numbers = np.array([0], np.int32)
    broader = edges_of("tag", "tag", numbers, numbers, np.ones(1, np.float32), 1)
    graph = Graph(
        {**lesson.graph.nodes, "tag": numbers}, {**lesson.graph.edges, "broader": broader}
    )
    with pytest.raises(BuildError, match="broader goes from tag to tag"):
        linear(over=["liked", "broader"]).fit(Lesson(graph))


def test_without_persons_there_are_vectors_but_no_scores():
    model = linear(over=["together"]).fit(two_cliques())
    with pytest.raises(ValueError, match="no edges go from persons"):
        model.score(EVERYBODY)


def test_what_is_saved_places_a_new_person():
    lesson = checkerboard()
    model = linear().fit(lesson)
    before = np.load(io.BytesIO(model.save()["before.npy"]), allow_pickle=False)
    assert before.shape[0] == 40
