"""Each part of two towers against its formula in plain numpy."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from ranking.examples import Field, Past
from ranking.networks.batch import Batch, batch_of, sided
from ranking.networks.towers.crossed import Crossed
from ranking.networks.towers.crossing import Crossing
from ranking.networks.towers.network import TowersNetwork
from ranking.networks.towers.nova import Nova
from ranking.networks.towers.tops import Dot, Layered
from ranking.rankers.towers import Towers
from tests.ranking.rankers.worlds import LAYOUT, world

DIM, LENGTH = 4, 5
PAST = Past("done", (Field("a", 9, "a"), Field("b", 9, "b")), ("a", "b"), LENGTH)


def numbers(module: nn.Module) -> dict[str, NDArray[Any]]:
    return {name: some.numpy() for name, some in module.state_dict().items()}


def steps(rows: int = 3) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    real = torch.arange(LENGTH) < torch.tensor([[5], [2], [0]])
    return torch.randn(rows, LENGTH, 2 * DIM) * real[..., None], real


def softmax(x: NDArray[Any]) -> NDArray[Any]:
    raised = np.exp(x - x.max())
    return raised / raised.sum()


def nova_by_hand(w: dict[str, NDArray[Any]], done: NDArray[Any]) -> NDArray[Any]:
    """Attend over the real steps of one past, one by one."""
    aged = np.stack([step + w["ages"][len(done) - 1 - n] for n, step in enumerate(done)])
    keys, values = aged @ w["key.weight"].T, done[:, :DIM] @ w["value.weight"].T
    found = []
    for n in range(len(done)):
        query = w["query.weight"] @ aged[n] + w["query.bias"]
        x = done[n, :DIM] + softmax(keys @ query / np.sqrt(DIM)) @ values
        x = (x - x.mean()) / np.sqrt(x.var() + 1e-5)
        found.append(x * w["norm.weight"] + w["norm.bias"])
    return np.mean(found, 0)


@torch.no_grad()
def test_nova_is_what_its_formula_says_and_fillings_do_not_count() -> None:
    nova, (done, real) = Nova(PAST, DIM), steps()
    found = nova(done, real).numpy()
    for row, many in ((0, 5), (1, 2)):
        by_hand = nova_by_hand(numbers(nova), done[row, :many].numpy())
        np.testing.assert_allclose(found[row], by_hand, rtol=1e-4, atol=1e-5)
    assert not found[2].any()  # who did nothing


@torch.no_grad()
def test_side_information_steers_nova_and_never_enters_it() -> None:
    nova, (done, real) = Nova(PAST, DIM), steps()
    other = done.clone()
    other[..., DIM:] = torch.randn_like(other[..., DIM:])
    assert not torch.allclose(nova.shares(done, real)[0], nova.shares(other, real)[0])
    nova.query.weight.zero_()
    nova.query.bias.zero_()  # everything is as near as everything else
    torch.testing.assert_close(nova(done, real), nova(other, real))


@torch.no_grad()
def test_fibinet_is_what_its_formula_says() -> None:
    torch.manual_seed(2)
    crossed, x = Crossed(3, DIM), torch.randn(2, 3, DIM)
    w, given = numbers(crossed), x.numpy()
    squeezed = np.maximum(given.mean(2) @ w["senet.weigh.0.weight"].T, 0)
    weights = np.maximum(squeezed @ w["senet.weigh.2.weight"].T, 0)
    weighed = given * weights[..., None]
    pairs = [(0, 1), (0, 2), (1, 2)]

    def products(x: NDArray[Any], turns: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([x[:, i] @ turns[n] * x[:, j] for n, (i, j) in enumerate(pairs)], 1)

    parts = [given.reshape(2, -1), products(given, w["plain.weights"])]
    assert weights.any()
    by_hand = np.concatenate([*parts, products(weighed, w["weighed.weights"])], 1)
    np.testing.assert_allclose(crossed(x), by_hand, rtol=1e-4, atol=1e-6)


@torch.no_grad()
def test_crossing_sums_the_products_of_every_two_features() -> None:
    torch.manual_seed(3)
    cross, asks, items = Crossing(3, 2, 2, DIM), torch.randn(1, 3, DIM), torch.randn(1, 2, DIM)
    cross.mine.normal_()
    cross.its.normal_()
    found = cross.meet(cross.ask(asks), cross.offer(items))[0]
    for task in range(2):
        weights = np.outer(cross.mine[task].numpy(), cross.its.numpy())
        each = weights * (asks[0].numpy() @ items[0].numpy().T)
        np.testing.assert_allclose(found[task], each.sum(), rtol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize("top", [Dot(DIM, 2), Layered(DIM, 2, [6, 3], 0.0)])
def test_one_who_asks_meets_items_as_pairs_do(top: Dot | Layered) -> None:
    u, v = torch.randn(1, top.vectors), torch.randn(7, DIM)
    one = top.meet(top.ask(u), top.offer(v))
    pairs = top.meet(top.ask(u).expand(7, -1), top.offer(v))
    torch.testing.assert_close(one, pairs)


@torch.no_grad()
def test_layers_over_both_towers_are_one_layer_shared_out() -> None:
    torch.manual_seed(4)
    top, u, v = Layered(DIM, 1, [6], 0.0), torch.randn(1, DIM), torch.randn(1, DIM)
    first = torch.cat([top.mine.weight, top.its.weight, top.both.weight], 1)
    whole = torch.relu(torch.cat([u, v, u * v], 1) @ first.T + top.mine.bias)
    torch.testing.assert_close(top.meet(top.ask(u), top.offer(v)), top.rest(whole))


OPTIONS = [
    {},
    {"cross": "none"},
    {"attention": "nova"},
    {"items": "fibinet"},
    {"top": "mlp"},
    {"attention": "nova", "items": "fibinet", "top": "mlp", "cross": "fm"},
]


def network(**options: Any) -> TowersNetwork:
    torch.manual_seed(0)
    return TowersNetwork(LAYOUT, Towers(type="towers", **{"dim": 8, **options}))


def changed(options: dict[str, Any]) -> set[str]:
    """Name the parts that an option adds."""
    plain = {"cross": "none", "attention": "none", "items": "plain", "top": "dot"}
    parts = [
        {n.split(".")[0] for n, _ in network(**some).named_parameters()}
        for some in (plain, {**plain, **options})
    ]
    return parts[1] - parts[0]


def test_each_option_adds_its_part_alone() -> None:
    assert changed({"cross": "fm"}) == {"cross"}
    assert changed({"attention": "nova"}) == {"attention"}
    assert changed({"items": "fibinet"}) == {"crossed"}
    assert changed({"top": "mlp"}) == {"top"}


@torch.no_grad()
@pytest.mark.parametrize("options", OPTIONS)
def test_rows_of_items_know_nothing_of_who_asks(options: dict[str, Any]) -> None:
    made, some = network(**options).eval(), world(20).later.inputs
    batch = batch_of(some, "cpu")
    asked, offered = made.ask(sided(some.asks, "cpu")), made.offer(sided(some.items, "cpu"))
    assert len(offered) == len(some.items)
    odds = made.meet(asked[batch.ask], offered[batch.item])
    torch.testing.assert_close(made(batch), odds)


def test_slopes_are_added_up_in_the_same_order_each_time() -> None:
    some = world(4_000).learn.inputs
    few = replace(some, ask=some.ask % 7)  # many pairs for each who asks
    batch, before = batch_of(few, "cpu"), torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        found = [slopes(batch) for _ in range(3)]
    finally:
        torch.set_num_threads(before)
    for other in found[1:]:
        assert all(torch.equal(a, b) for a, b in zip(found[0], other, strict=True))


def slopes(batch: Batch) -> list[torch.Tensor]:
    made = network()
    made(batch).square().sum().backward()
    return [some.grad for some in made.parameters() if some.grad is not None]
