"""GraphSAGE: obvious worlds, new nodes, the same whole or drawn, and the same after loading."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from graph.graph import Edges, Graph, edges_of
from graph.sampling import ALL, layers_of
from recall.spaces.graphsage import GraphSAGE
from recall.spaces.sage.examples import Drawing, Pairs, Pool, keep_back
from recall.spaces.sage.learning import link_loss, renumbered
from recall.spaces.sage.network import Network, Shape, inputs_of, product, sparse_of, whole_graph
from recall.spaces.sage.placing import Sage, load, place
from recall.spaces.sage.relations import both_ways, means_of, relations_of
from recall.spaces.sage.spec import Negatives
from recall.spaces.trained import Lesson
from tests.recall.spaces.worlds import checkerboard, two_cliques
from weft.errors import BuildError

SIZE = 40
FEW = Negatives(random=32, batch=32)
SMALL = {"dim": 16, "batch": 256, "steps": 20, "rounds": 15, "rate": 0.02, "negatives": FEW}
EVERYBODY = np.arange(SIZE, dtype=np.int32)
GROUP = EVERYBODY >= SIZE // 2


def space(over: list[str], **options: object) -> GraphSAGE:
    return GraphSAGE.model_validate({"type": "graphsage", "over": over, **SMALL, **options})


def with_features(lesson: Lesson) -> Lesson:
    """Items of a clique share one of two features, and each has one of its own."""
    items = np.repeat(EVERYBODY, 2)
    values = np.stack((GROUP.astype(np.int32), EVERYBODY + 2), 1).ravel()
    weights = np.ones(2 * SIZE, np.float32)
    features = edges_of("item", "feature", items, values, weights, SIZE)
    return replace(lesson, features={"item": features})


def row_of(source: str, target: str, *rows: list[int]) -> Edges:
    counts = [len(row) for row in rows]
    sources = np.repeat(np.arange(len(rows), dtype=np.int32), counts)
    targets = np.array([n for row in rows for n in row], np.int32)
    return edges_of(source, target, sources, targets, np.ones(len(targets), np.float32), len(rows))


def apart(scores: np.ndarray, good: np.ndarray) -> float:
    """The chance that what is good has more than what is not."""
    return float(np.mean(scores[good][:, None] > scores[~good][None]))


@pytest.fixture(scope="module")
def cliques() -> Sage:
    return space(["liked", "together"]).fit(with_features(two_cliques()))


@pytest.mark.parametrize("fans", [[], [4, 3]])
@pytest.mark.parametrize("loss", ["softmax", "margin"])
def test_checkerboard_is_learned(fans, loss):
    trained = space(["liked"], fans=fans, loss=loss).fit(checkerboard())
    own_colour = (EVERYBODY[:, None] + EVERYBODY) % 2 == 0
    assert apart(trained.score(EVERYBODY), own_colour) > 0.97


@pytest.mark.parametrize("options", [{}, {"ids": False}, {"fans": [4, 3], "by_weight": True}])
def test_cliques_lie_apart(options):
    trained = space(["liked", "together"], **options).fit(with_features(two_cliques()))
    assert apart(trained.score(EVERYBODY), GROUP[:, None] == GROUP) > 0.97
    items = trained.vectors["item"]
    assert apart(items @ items.T, GROUP[:, None] == GROUP) > 0.97
    assert np.allclose(np.linalg.norm(items, axis=1), 1, atol=1e-5)


def test_negatives_of_the_same_group_tell_neighbours_of_one_group_apart():
    lesson = replace(checkerboard(), groups={"colour": (EVERYBODY // 20).astype(np.int32)})
    negatives = {"random": 0, "batch": 8, "same": {"colour": 16}}
    trained = space(["liked"], negatives=negatives).fit(lesson)
    own_colour = (EVERYBODY[:, None] + EVERYBODY) % 2 == 0
    assert apart(trained.score(EVERYBODY), own_colour) > 0.97


def test_an_unknown_group_is_refused_with_the_groups_there_are():
    with pytest.raises(BuildError, match="'city'; there are none"):
        space(["liked"], negatives={"same": {"city": 4}}).fit(checkerboard())


def test_fans_are_one_for_each_layer():
    with pytest.raises(ValueError, match="2 layers need 2 fans, not 1"):
        space(["liked"], fans=[3])


def held_out() -> tuple[Sage, np.ndarray, Lesson]:
    """Learn without every fifth item of two cliques."""
    whole = two_cliques()
    out = EVERYBODY % 5 == 2
    edges = {}
    for name, kind in whole.graph.edges.items():
        stays = ~out[kind.targets]
        if kind.source == "item":
            stays &= ~out[kind.sources()]
        numbers = np.cumsum(~out) - 1
        sources = kind.sources()[stays]
        if kind.source == "item":
            sources = numbers[sources]
        some = (a.astype(np.int32) for a in (sources, numbers[kind.targets[stays]]))
        rows = int((~out).sum()) if kind.source == "item" else SIZE
        edges[name] = edges_of(kind.source, "item", *some, kind.weights[stays], rows)
    nodes = {"person": EVERYBODY, "item": EVERYBODY[~out]}
    lesson = Lesson(Graph(nodes, edges), seed=7)
    return space(["liked", "together"]).fit(lesson), out, whole


def test_items_held_out_are_placed_in_their_group_by_their_neighbours():
    trained, out, whole = held_out()
    numbers, known = np.cumsum(~out) - 1, trained.vectors["item"]
    ties = whole.graph.edges["together"]
    for item in np.flatnonzero(out):
        near = ties.targets[ties.starts[item] : ties.starts[item + 1]]
        near = [int(numbers[n]) for n in near if not out[n]]
        vector = trained.embed("item", {"together": row_of("item", "item", near)})
        nearest = np.argsort(-(known @ vector[0]))[:10]
        assert (GROUP[~out][nearest] == GROUP[item]).all()


def test_a_new_item_is_placed_by_who_liked_it(cliques):
    fans = row_of("item", "person", [1, 3, 5], [31, 33])
    vectors = cliques.embed("item", {"~liked": fans})
    near = vectors @ cliques.vectors["item"].T
    assert apart(near, np.array([False, True])[:, None] == GROUP) > 0.97


def test_a_new_item_without_neighbours_is_placed_by_its_features(cliques):
    vectors = cliques.embed("item", {}, row_of("item", "feature", [0], [1]))
    near = vectors @ cliques.vectors["item"].T
    assert apart(near, np.array([False, True])[:, None] == GROUP) > 0.9


@pytest.mark.parametrize(
    "features", [None, row_of("item", "feature", []), row_of("item", "x", [9])]
)
def test_who_has_nothing_known_is_where_its_kind_is(cliques, features):
    vector = cliques.embed("item", {"together": row_of("item", "item", [])}, features)[0]
    mean = cliques.vectors["item"].mean(0)
    assert np.allclose(vector, mean / np.linalg.norm(mean), atol=1e-5)


def test_a_known_item_with_its_own_neighbours_and_features_comes_to_its_own_place():
    lesson = with_features(two_cliques())
    trained = space(["liked", "together"], ids=False).fit(lesson)
    edges = both_ways(lesson.graph, ["liked", "together"])
    near = {name: some for name, some in edges.items() if some.source == "item"}
    again = trained.embed("item", near, lesson.features["item"])
    assert np.allclose(again, trained.vectors["item"], atol=1e-5)


def test_loading_gives_back_what_was_saved(cliques):
    again = load(cliques.save())
    near = {"~liked": row_of("item", "person", [1, 3], [4])}
    features = row_of("item", "feature", [1, 5], [])
    assert np.array_equal(
        again.embed("item", near, features), cliques.embed("item", near, features)
    )
    for kind, vectors in cliques.vectors.items():
        assert np.array_equal(again.vectors[kind], vectors)
    assert np.array_equal(again.score(EVERYBODY), cliques.score(EVERYBODY))


@pytest.mark.parametrize(
    ("kind", "near", "reason"),
    [
        ("tag", {}, "no vectors of kind 'tag'; there are item, person"),
        ("item", {"liked": row_of("item", "item", [1])}, "may have .*'together', '~liked'"),
        ("item", {"together": row_of("item", "item", [99])}, "past the 40 nodes"),
        (
            "item",
            {"together": row_of("item", "item", [1]), "~liked": row_of("item", "person", [1], [2])},
            "a row for each new item",
        ),
    ],
)
def test_what_cannot_be_embedded_is_refused_with_what_can(cliques, kind, near, reason):
    with pytest.raises(ValueError, match=reason):
        cliques.embed(kind, near)


@pytest.mark.parametrize("fans", [[], [4, 3]])
def test_the_same_seed_gives_the_same_vectors_and_another_does_not(fans):
    lesson = two_cliques()
    model = space(["liked", "together"], fans=fans, rounds=2)
    once, again = (model.fit(lesson).vectors["item"] for _ in range(2))
    other = model.fit(replace(lesson, seed=8)).vectors["item"]
    assert np.array_equal(once, again)
    assert not np.allclose(once, other)


def network_of(lesson: Lesson, whole: bool, leak: float = 0.2) -> tuple[Network, tuple]:
    sizes = {kind: lesson.graph.size(kind) for kind in lesson.graph.nodes}
    relations = relations_of(both_ways(lesson.graph, ["liked", "together"]), sizes)
    ones = np.ones(SIZE + 2, np.float32)
    features = {kind: means_of(edges, ones) for kind, edges in lesson.features.items()}
    torch.manual_seed(3)
    network = Network(relations, sizes, features, Shape(8, 2, True, leak, 0.1, whole)).eval()
    for parameter in network.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    return network, (relations, features, sizes)


def test_the_whole_graph_drawn_layers_and_plain_arrays_are_one_function():
    lesson = with_features(two_cliques())
    network, (relations, features, sizes) = network_of(lesson, whole=True)
    whole = network(inputs_of([whole_graph(relations, sizes)] * 2, relations, features, "cpu"))
    network.shape = replace(network.shape, whole=False)
    asked = {"item": np.array([5, 17, 30], np.int32), "person": np.array([39, 2], np.int32)}
    layers = layers_of(relations.edges, asked, [ALL, ALL], seed=1)
    drawn = network(inputs_of(layers, relations, features, "cpu"))
    plain = place(network.arrays(), relations, features, sizes, 2, 0.2)
    for kind, nodes in asked.items():
        assert torch.allclose(whole[kind][nodes], drawn[kind], atol=1e-5)
        unit = torch.nn.functional.normalize(drawn[kind], dim=1).detach().numpy()
        assert np.allclose(plain[f"vector.{kind}"][nodes], unit, atol=1e-5)


def test_gradients_through_the_prepared_product_are_right():
    edges = both_ways(two_cliques().graph, ["liked"])["liked"]
    sparse = sparse_of(edges, SIZE, "cpu")
    doubled = tuple(matrix.double() for matrix in sparse)
    x = torch.randn(SIZE, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda some: product(doubled, some), (x,))


@pytest.mark.parametrize("loss", ["softmax", "margin"])
def test_the_loss_pulls_links_together_and_negatives_apart(loss):
    places = {"item": torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]], requires_grad=True)}
    ends = (np.array([0], np.int32), np.array([1], np.int32))
    none = np.zeros((1, 0), np.int32)
    pool = Pool(np.array([2, 1], np.int32), np.zeros(2, np.float32), none)
    link_loss(space(["liked"], loss=loss), Pairs("item", "item", *ends), pool, places).backward()
    slopes = places["item"].grad
    assert slopes[1, 0] < 0 < slopes[2, 0]


def test_a_batch_renumbered_is_the_same_batch():
    pairs = Pairs("item", "item", np.array([7, 3], np.int32), np.array([3, 9], np.int32))
    own = np.array([[9, -1], [4, 7]], np.int32)
    pool = Pool(np.array([9, 5], np.int32), np.zeros(2, np.float32), own)
    nodes, few, lot = renumbered(pairs, pool)
    assert np.array_equal(nodes["item"][few.sources], pairs.sources)
    assert np.array_equal(nodes["item"][few.targets], pairs.targets)
    assert np.array_equal(nodes["item"][lot.shared], pool.shared)
    assert np.array_equal(np.where(lot.own < 0, -1, nodes["item"][lot.own]), pool.own)


def test_links_kept_back_are_gone_from_all_edges():
    edges = both_ways(two_cliques().graph, ["liked", "together"])
    rest, kept = keep_back(edges, ["liked", "together"], 0.1, seed=1)
    for name, mirror in (("liked", "~liked"), ("together", "together")):
        for a, b in zip(kept[name].sources, kept[name].targets, strict=True):
            assert b not in rest[name].targets[slice(*rest[name].starts[a : a + 2])]
            assert a not in rest[mirror].targets[slice(*rest[mirror].starts[b : b + 2])]
    assert len(rest["liked"]) + len(kept["liked"]) == len(edges["liked"])


def test_negatives_are_drawn_by_the_declared_power_of_the_degree():
    edges = row_of("item", "item", [0] * 16, [1])
    lesson = replace(two_cliques(), seed=3)
    drawing = Drawing({"tied": edges}, lesson, Negatives(random=9000, power=0.5, batch=0))
    _, pool = drawing.batch(4)
    counts = np.bincount(pool.shared, minlength=SIZE)
    assert abs(counts[0] / counts[1] - 4) < 0.5
    assert counts[2:].sum() == 0
    few = pool.excess[pool.shared == 0][0] - pool.excess[pool.shared == 1][0]
    assert abs(few - np.log(4)) < 1e-3
