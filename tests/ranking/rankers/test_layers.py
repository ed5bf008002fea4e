"""The layers of networks, against their formulas written out in loops."""

import itertools

import pytest
import torch

from ranking.networks.bilinear import Bilinear, Shared
from ranking.networks.cin import CIN
from ranking.networks.cross import Crosses, cross
from ranking.networks.custom import together
from ranking.networks.dropping import Dropped
from ranking.networks.fm import products
from ranking.networks.gate import Gate
from ranking.networks.mlp import MLP
from ranking.networks.senet import SENET
from ranking.rankers.deep import Hidden

ROWS, FEATURES, DIM = 5, 4, 3


@pytest.fixture
def vectors() -> torch.Tensor:
    torch.manual_seed(0)
    return torch.randn(ROWS, FEATURES, DIM)


def every_two() -> list[tuple[int, int]]:
    return list(itertools.combinations(range(FEATURES), 2))


def test_products_are_of_every_two_features(vectors: torch.Tensor) -> None:
    written = sum(vectors[:, i] * vectors[:, j] for i, j in every_two())
    torch.testing.assert_close(products(vectors), written)


def test_cross_layers_multiply_by_the_input(vectors: torch.Tensor) -> None:
    start = vectors.flatten(1)
    layers = cross(start.shape[1], Crosses(2))
    x = start
    for layer in layers.layers:
        x = start * (x @ layer.weight.T + layer.bias) + x
    torch.testing.assert_close(layers(start), x)


def test_a_mixture_adds_experts_by_their_gates(vectors: torch.Tensor) -> None:
    x, rank, experts = vectors.flatten(1), 2, 3
    (layer,) = cross(x.shape[1], Crosses(1, rank, experts)).layers
    gates = (x @ layer.gates.weight.T + layer.gates.bias).softmax(1)
    written = layer.widen.bias
    for n in range(experts):
        some = slice(n * rank, (n + 1) * rank)
        low = (x @ layer.narrow.weight[some].T).tanh()
        low = (low @ layer.within[n]).tanh()
        written = written + gates[:, n : n + 1] * (low @ layer.widen.weight[:, some].T)
    torch.testing.assert_close(layer(x), written)


def test_cin_sums_products_with_the_input(vectors: torch.Tensor) -> None:
    layers = CIN(FEATURES, (2, 3))
    x, sums = vectors, []
    for layer in layers.layers:
        before = x.shape[1]
        weights = layer.weight.view(-1, before, FEATURES)
        x = layer.bias[None, :, None] + sum(
            weights[None, :, i, j, None] * (x[:, i] * vectors[:, j])[:, None]
            for i in range(before)
            for j in range(FEATURES)
        )
        sums.append(x.sum(2))
    torch.testing.assert_close(layers(vectors), torch.cat(sums, 1))
    assert layers.width == 5


@pytest.mark.parametrize("shared", ["all", "each", "pair"])
def test_bilinear_products_turn_the_left_vector(vectors: torch.Tensor, shared: Shared) -> None:
    layer = Bilinear(FEATURES, DIM, shared)
    found = layer(vectors)
    for place, (i, j) in enumerate(every_two()):
        matrix = layer.weights[{"all": 0, "each": i, "pair": place}[shared]]
        torch.testing.assert_close(found[:, place], (vectors[:, i] @ matrix) * vectors[:, j])


def test_senet_weighs_each_feature_by_one_number(vectors: torch.Tensor) -> None:
    layer = SENET(FEATURES, 2)
    with torch.no_grad():
        for weights in layer.parameters():
            weights.abs_()
    found = layer(vectors.abs()) / vectors.abs()
    torch.testing.assert_close(found, found[..., :1].expand_as(found))


def test_a_new_gate_lets_all_pass(vectors: torch.Tensor) -> None:
    torch.testing.assert_close(Gate(FEATURES * DIM, 2)(vectors.flatten(1)), vectors.flatten(1))


def test_a_lone_row_is_normalised_by_what_was_usual(vectors: torch.Tensor) -> None:
    layers = MLP(FEATURES * DIM, Hidden((6,)))
    layers(vectors.flatten(1))
    lone = layers(vectors.flatten(1)[:1])
    torch.testing.assert_close(lone, layers.eval()(vectors.flatten(1)[:1]))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_a_share_is_dropped_and_the_mean_stays(share: float) -> None:
    torch.manual_seed(0)
    x = torch.ones(999, 101, requires_grad=True)
    layer = Dropped(share)
    found = layer(x)
    assert abs((found == 0).float().mean() - share) < 0.01
    assert abs(found.mean() - 1) < 0.02
    assert len(found.unique()) == 2
    assert abs(torch.corrcoef((found > 0).float()[:, :8].T).fill_diagonal_(0)).max() < 0.15
    found.sum().backward()  # what is dropped does not learn
    torch.testing.assert_close(x.grad, found)
    assert layer.eval()(x) is x


def test_members_agree_on_their_mean_chance() -> None:
    odds = torch.tensor([[[-2.0]], [[3.0]], [[40.0]]])
    torch.testing.assert_close(together(odds).sigmoid(), odds.sigmoid().mean(0))
    assert torch.isfinite(together(odds * 10)).all()
