"""What every space promises, whatever it learns by: one table of models, one row each."""

from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from graph.graph import Edges, Graph, edges_of
from recall.measures import judge
from recall.spaces.trained import Lesson, Sessions, Trained
from tests.recall.spaces.worlds import checkerboard, samples_of, two_cliques
from weft.errors import WeftError

SIZE = 40  # of the checkerboard, persons and items alike
GROUP = 20  # items in each clique


@dataclass(frozen=True)
class Model:
    """A section, and the quality that it has to reach where the right answers are obvious."""

    section: str  # module:class
    options: dict[str, Any] = field(default_factory=dict)
    over: tuple[str, ...] = ("liked",)  # on the checkerboard
    tied: tuple[str, ...] = ("together",)  # on the two cliques
    kinds: tuple[str, ...] = ("item",)  # that have vectors when it learns from likes
    found: float = 0.9  # share of persons whose own item is in the better half
    together: float = 0.9  # share of nearest neighbours in the same group


WALKS = {"dim": 16, "walks": 20, "length": 20, "rate": 0.1}
TOWER = {"dim": 8, "batch": 64, "epochs": 10, "rate": 0.03, "temperature": 0.2, "dropout": 0.0}
MODELS = {
    "linear": Model("linear:Linear", {"dim": 8}, kinds=("item", "person")),
    "lightgcn": Model(
        "lightgcn:LightGCN",
        {"dim": 8, "epochs": 20},
        tied=("liked", "together"),
        kinds=("item", "person"),
    ),
    "graphsage": Model(
        "graphsage:GraphSAGE",
        {"dim": 8, "batch": 256, "steps": 20, "rounds": 10, "forget": 0.0},
        tied=("liked", "together"),
        kinds=("item", "person"),
    ),
    "item2vec": Model(
        "item2vec:Item2Vec",
        {"dim": 16, "epochs": 20, "shuffled": True, "rate": 0.1},
        kinds=("item", "person"),
    ),
    "deepwalk": Model("deepwalk:DeepWalk", WALKS, kinds=("item", "person")),
    "node2vec": Model("node2vec:Node2Vec", WALKS, kinds=("item", "person")),
    "metapath2vec": Model("metapath2vec:MetaPath2Vec", WALKS, kinds=("item", "person")),
    "youtube": Model("youtube:YouTube", TOWER, kinds=("item", "person")),
    "dssm": Model("dssm:DSSM", TOWER | {"layers": 1}, kinds=("item", "person")),
    "multi-interest": Model("multi_interest:MultiInterest", TOWER),
}

every_model = pytest.mark.parametrize("name", MODELS)


def section(name: str, over: tuple[str, ...]) -> Any:
    model = MODELS[name]
    module, _, kind = model.section.partition(":")
    found = getattr(import_module(f"recall.spaces.{module}"), kind)
    edges = {"over": list(over)} if "over" in found.model_fields else {}
    return found(type=name, **edges, **model.options)


@cache
def on_the_checkerboard(name: str) -> Trained:
    return section(name, MODELS[name].over).fit(checkerboard(SIZE))


@cache
def on_two_cliques(name: str) -> Trained:
    return section(name, MODELS[name].tied).fit(two_cliques(GROUP))


@every_model
def test_what_was_left_out_ranks_in_the_better_half(name: str) -> None:
    lesson = checkerboard(SIZE)
    persons = np.arange(SIZE, dtype=np.int32)
    own = edges_of("person", "item", persons, persons, np.ones(SIZE, np.float32), SIZE)
    unseen = SIZE - (SIZE // 2 - 1)
    quality = judge(on_the_checkerboard(name).score, lesson.graph.edges["liked"], own, unseen // 2)
    assert quality.recall >= MODELS[name].found


@every_model
def test_nearest_neighbours_are_of_the_same_group(name: str) -> None:
    vectors = on_two_cliques(name).vectors["item"]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    near = unit @ unit.T
    np.fill_diagonal(near, -np.inf)
    nearest = np.argsort(-near, axis=1)[:, :5]
    same = (nearest < GROUP) == (np.arange(2 * GROUP) < GROUP)[:, None]
    assert same.mean() >= MODELS[name].together


@every_model
def test_the_same_seed_gives_the_same_vectors(name: str) -> None:
    first = on_two_cliques(name).vectors
    again = section(name, MODELS[name].tied).fit(two_cliques(GROUP)).vectors
    assert first.keys() == again.keys()
    for kind, vectors in first.items():
        assert np.array_equal(vectors, again[kind]), kind


@every_model
def test_every_promised_node_has_a_finite_vector_that_is_not_zero(name: str) -> None:
    lesson, made = checkerboard(SIZE), on_the_checkerboard(name).vectors
    assert set(made) >= set(MODELS[name].kinds)
    for kind, vectors in made.items():
        assert vectors.shape == (lesson.graph.size(kind), MODELS[name].options["dim"])
        assert vectors.dtype == np.float32
        assert np.isfinite(vectors).all()
        assert np.linalg.norm(vectors, axis=1).min() > 0


@every_model
def test_scores_are_finite_and_for_the_persons_asked(name: str) -> None:
    model = on_the_checkerboard(name)
    whole = model.score(np.arange(SIZE, dtype=np.int32))
    assert whole.shape == (SIZE, SIZE)
    assert np.isfinite(whole).all()
    some = np.array([7, 3], np.int32)
    assert np.allclose(model.score(some), whole[some], rtol=1e-4, atol=1e-5)


@every_model
def test_an_empty_graph_is_refused_with_what_would_be_right(name: str) -> None:
    with pytest.raises(WeftError, match="import events"):
        section(name, MODELS[name].over).fit(nothing())


@every_model
def test_a_tiny_graph_is_enough_or_refused(name: str) -> None:
    liked = edges_of("person", "item", *pair(0, 0), np.ones(1, np.float32), 1)
    lesson = world({"person": 1, "item": 1}, liked)
    try:
        vectors = section(name, MODELS[name].over).fit(lesson).vectors
    except WeftError:
        return
    assert all(np.isfinite(some).all() for some in vectors.values())


@every_model
def test_what_is_saved_is_plain_bytes_under_plain_names(name: str) -> None:
    for file, content in on_the_checkerboard(name).save().items():
        assert "/" not in file
        assert isinstance(content, bytes)
        assert b"\x80\x04\x95" not in content[:64], f"{file} looks pickled"


@every_model
def test_a_lesson_is_not_changed_by_learning(name: str) -> None:
    lesson = two_cliques(GROUP)
    before = [part.copy() for edges in lesson.graph.edges.values() for part in arrays(edges)]
    section(name, MODELS[name].tied).fit(lesson)
    after = [part for edges in lesson.graph.edges.values() for part in arrays(edges)]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def arrays(edges: Edges) -> tuple[Any, ...]:
    return edges.starts, edges.targets, edges.weights


def pair(source: int, target: int) -> tuple[Any, Any]:
    return np.array([source], np.int32), np.array([target], np.int32)


def world(sizes: dict[str, int], liked: Edges) -> Lesson:
    nodes = {kind: np.arange(1, size + 1, dtype=np.int32) for kind, size in sizes.items()}
    together = replace(liked, source="item", starts=np.zeros(sizes["item"] + 1, np.int64))
    none = np.zeros(0, np.int32), np.zeros(0, np.float32)
    together = replace(together, targets=none[0], weights=none[1])
    sessions = Sessions(liked.starts, liked.targets, liked.weights)
    graph = Graph(nodes, {"liked": liked, "together": together})
    return Lesson(graph, sessions, samples=samples_of(liked, sizes["item"]))


def nothing() -> Lesson:
    none = np.zeros(0, np.int32)
    liked = edges_of("person", "item", none, none, np.zeros(0, np.float32), 0)
    return world({"person": 0, "item": 0}, liked)
