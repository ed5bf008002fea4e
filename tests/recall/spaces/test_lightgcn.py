import numpy as np
import pytest
import torch

from graph.graph import Graph, edges_of
from recall.spaces.light.learning import course_of, layer_of, matrix_of, smoothed
from recall.spaces.lightgcn import LightGCN
from recall.spaces.trained import Lesson
from recall.spaces.whole import whole_of
from tests.recall.spaces.worlds import checkerboard, two_cliques
from weft.errors import BuildError


def lightgcn(**options):
    return LightGCN(type="lightgcn", **{"over": ["liked"], "dim": 8, "epochs": 4, **options})


def test_smoothing_is_the_mean_of_powers_of_the_matrix():
    matrix = matrix_of(whole_of(two_cliques().graph, ["liked"]), "cpu")
    dense = matrix.to_dense()
    own = torch.rand(80, 3, generator=torch.Generator().manual_seed(0))
    expected = (own + dense @ own + dense @ dense @ own) / 3
    assert torch.allclose(smoothed(own, matrix, 2), expected, atol=1e-5)


def test_gradients_go_back_along_the_same_edges():
    matrix = matrix_of(whole_of(two_cliques().graph, ["liked"]), "cpu")
    own = torch.rand(80, 3, dtype=torch.float32, requires_grad=True)
    goal = torch.rand(80, 3)
    (layer_of(matrix, own) * goal).sum().backward()
    assert own.grad is not None
    assert torch.allclose(own.grad, matrix.to_dense().T @ goal, atol=1e-5)


def test_what_is_withheld_is_not_learned_and_nobody_loses_everything():
    lesson = checkerboard()
    course = course_of(lightgcn(held_out=0.4), lesson, np.random.default_rng(0))
    assert len(course.learned) + len(course.judged) == len(lesson.graph.edges["liked"])
    assert np.diff(course.learned.starts).min() > 0
    pairs = [
        set(zip(e.sources().tolist(), e.targets.tolist(), strict=True))
        for e in (course.learned, course.judged)
    ]
    assert pairs[0].isdisjoint(pairs[1])
    assert len(course.whole.edges) == 2 * len(course.learned)


def test_what_is_known_of_items_has_vectors_too():
    lesson = checkerboard()
    items = np.arange(40, dtype=np.int32)
    has = edges_of("item", "value", items, items % 2, np.ones(40, np.float32), 40)
    nodes = {**lesson.graph.nodes, "value": np.array([1, 2], np.int32)}
    knowing = Lesson(Graph(nodes, {**lesson.graph.edges, "has": has}))
    vectors = lightgcn(over=["liked", "has"]).fit(knowing).vectors
    assert vectors["value"].shape == (2, 8)
    even, odd = vectors["item"][::2].mean(0), vectors["item"][1::2].mean(0)
    assert vectors["value"][0] @ even > vectors["value"][0] @ odd


def test_without_likes_it_is_refused():
    with pytest.raises(BuildError, match="needs persons' likes"):
        lightgcn(over=["together"]).fit(two_cliques())


def test_progress_is_told():
    told = []
    lesson = checkerboard()
    lightgcn(patience=9).fit(Lesson(lesson.graph, progress=told.append))
    assert told == [0.25, 0.5, 0.75, 1.0]
