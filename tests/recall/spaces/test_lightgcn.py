import numpy as np
import pytest
import torch

from graph.graph import Graph, edges_of
from recall.spaces.light.learning import Course, batches, chances_of, course_of
from recall.spaces.light.slope import Some, slope_of
from recall.spaces.light.smoothing import matrix_of, smoothing
from recall.spaces.light.stepping import stepping
from recall.spaces.lightgcn import LightGCN
from recall.spaces.trained import Lesson
from recall.spaces.whole import whole_of
from tests.recall.spaces.worlds import checkerboard, two_cliques
from weft.errors import BuildError

PAIRS = np.array([0, 1, 2], np.int32), np.array([0, 0, 1], np.int32)


def lightgcn(**options):
    return LightGCN(type="lightgcn", **{"over": ["liked"], "dim": 8, "epochs": 4, **options})


def test_smoothing_is_the_mean_of_powers_of_the_matrix():
    edges = whole_of(two_cliques().graph, ["liked"]).edges
    dense = matrix_of(edges).to_dense()
    own = torch.rand(80, 3, generator=torch.Generator().manual_seed(0))
    expected = (own / 2 + dense @ own + dense @ dense @ own) / 2.5
    assert torch.allclose(dense, dense.T)  # slopes go back the same way
    assert torch.allclose(smoothing(edges, 2, 0.5, "cpu", 1)(own), expected, atol=1e-5)


def test_the_slope_is_what_autograd_finds():
    draws = torch.Generator().manual_seed(0)
    places = torch.randn(250, 4, generator=draws, requires_grad=True)
    counts = torch.randint(1, 5, (150,), generator=draws)  # persons are 0 to 149, items the others
    rows = torch.repeat_interleave(torch.arange(150), counts)
    items = torch.randint(150, 250, (len(rows),), generator=draws)
    others = torch.randperm(100, generator=draws)[:60] + 150
    unit = torch.nn.functional.normalize(places, dim=1)
    right = (unit[rows] * unit[items]).sum(1)
    wrong = unit[:150] @ unit[others].T
    (torch.logsumexp(wrong / 0.2, 1)[rows] - right / 0.2).mean().backward()
    some = Some(torch.arange(150), counts.float(), rows, items, others)
    assert places.grad is not None
    assert torch.allclose(slope_of(places.detach(), some, 0.2), places.grad, atol=1e-6)


def test_the_slope_is_finite_where_others_are_as_far_as_can_be():
    places = torch.tensor([[1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]])
    one = torch.zeros(1, dtype=torch.long)
    some = Some(one, torch.ones(1), one, one + 1, one + 2)
    assert torch.isfinite(slope_of(places, some, 0.01)).all()


def test_the_first_step_is_as_long_as_the_rate_and_keeps_the_slope_s_proportions():
    own, slope = torch.zeros(2, 2), torch.tensor([[3.0, 0.0], [0.0, -4.0]])
    stepping(own)(slope, 0.1)
    assert torch.allclose(own.square().mean().sqrt(), torch.tensor(0.1))
    assert torch.allclose(own / own[0, 0], slope / 3)


def test_steps_lead_to_where_there_is_no_slope():
    own = torch.tensor([[1.0, -2.0]])
    step = stepping(own)
    for turn in range(300):
        step(2 * own, 0.05 * (1 - turn / 300))
    assert own.abs().max() < 0.05


def test_what_many_like_is_drawn_more_often():
    likes = edges_of("person", "item", *PAIRS, np.ones(3, np.float32), 3)
    graph = Graph({kind: np.arange(3, dtype=np.int32) for kind in ("person", "item")}, {"l": likes})
    course = Course(likes, likes, whole_of(graph, ["l"]))
    assert np.allclose(chances_of(course, 1.0), [0.5, 1 / 3, 1 / 6])
    assert np.allclose(chances_of(course, 0.0), 1 / 3)


def test_everybody_who_likes_something_is_learned_once():
    liked = checkerboard().graph.edges["liked"]
    dealt = list(batches(liked, 16, np.random.default_rng(0)))
    assert max(map(len, dealt)) <= 20
    assert sorted(np.concatenate(dealt).tolist()) == list(range(40))


def test_what_is_withheld_is_not_learned_and_nobody_loses_everything():
    lesson = checkerboard()
    course = course_of(lightgcn(held_out=0.4), lesson, "liked", np.random.default_rng(0))
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


def test_what_more_persons_like_is_longer():
    lesson = checkerboard()
    likes = lesson.graph.edges["liked"]
    found = lightgcn(popularity=0.5, over=["liked"]).fit(lesson).vectors["item"]
    persons = 1 + np.bincount(likes.targets, minlength=len(found))
    assert np.allclose(np.linalg.norm(found, axis=1), persons**0.5, rtol=1e-4)


def test_progress_is_told():
    told = []
    lesson = checkerboard()
    lightgcn(patience=9).fit(Lesson(lesson.graph, progress=told.append))
    assert told == [0.25, 0.5, 0.75, 1.0]
