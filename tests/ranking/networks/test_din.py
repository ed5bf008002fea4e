import numpy as np
import torch

from ranking.examples import Columns, Inputs, Longs
from ranking.networks.batch import batch_of
from ranking.networks.din import DINNetwork, softmax
from ranking.rankers.deep import Hidden
from tests.ranking.networks.oracles import attention, weight
from tests.ranking.rankers.worlds import LAYOUT, STEPS, World, world


def network(soft: bool = False) -> DINNetwork:
    torch.manual_seed(0)
    return DINNetwork(LAYOUT, 4, Hidden((8,)), (6, 5), soft).eval()


def some(tiny: World, rows: int) -> Inputs:
    return tiny.later.inputs.part(np.arange(rows))


def one(inputs: Inputs, row: int) -> Inputs:
    """Give the same items for one ask, as a request does."""
    asks = inputs.asks.part(np.array([inputs.ask[row]]))
    everybody = np.zeros(len(inputs), np.int64)
    return Inputs(asks, inputs.items, inputs.pairs, everybody, inputs.item, inputs.bias)


def with_pasts(inputs: Inputs, length: int, told: Longs | None = None) -> Inputs:
    """Give the same with pasts of another length."""
    old = inputs.asks
    steps = np.zeros((len(old), length, 2), np.int32)
    kept = min(length, old.pasts[0].shape[1])
    steps[:, :kept] = old.pasts[0][:, :kept]
    asks = Columns(old.ones, old.bags, old.numbers, (steps if told is None else told,))
    return Inputs(asks, inputs.items, inputs.pairs, inputs.ask, inputs.item, inputs.bias)


def test_attention_is_that_of_plain_loops() -> None:
    net, inputs = network(), some(world(requests=40), 12)
    unit, compared = net.interests[0].attention, net.interests[0].comparing
    batch = batch_of(inputs, "cpu")
    first = np.concatenate([weight(unit.of_step), weight(unit.of_item), weight(unit.of_both)], 1)
    layers = [(first, weight(unit.of_item, "bias"))]
    layers += [(weight(unit.rest[n]), weight(unit.rest[n], "bias")) for n in (1, 3)]
    found = net.interests[0](net.embedding.tables, batch.asks.pasts[0], batch).detach().numpy()
    queries = compared.queries(net.embedding.tables, batch).detach().numpy().astype(np.float64)
    keys = compared.keys(net.embedding.tables, batch.asks.pasts[0]).detach().numpy()
    for row in range(len(inputs)):
        known = keys[inputs.ask[row]][:STEPS].astype(np.float64)
        sums = sum(attention(layers, key, queries[row]) * key for key in known)
        np.testing.assert_allclose(found[row], sums, rtol=1e-4, atol=1e-7)


def test_a_request_is_scored_as_its_pairs_are() -> None:
    for soft in (False, True):
        net, inputs = network(soft), one(some(world(requests=40), 30), 3)
        twice = Inputs(
            inputs.asks.part(np.array([0, 0])), inputs.items, inputs.pairs, inputs.ask,
            inputs.item, inputs.bias,
        )  # fmt: skip
        alone, among = (net(batch_of(i, "cpu")).detach() for i in (inputs, twice))
        torch.testing.assert_close(alone, among, rtol=1e-4, atol=1e-6)


def test_fillings_change_nothing_and_learn_nothing() -> None:
    net, inputs = network(), some(world(requests=40), 30)
    short, long = (with_pasts(inputs, length) for length in (STEPS, STEPS + 9))
    torch.testing.assert_close(net(batch_of(short, "cpu")), net(batch_of(long, "cpu")))
    net.train()(batch_of(long, "cpu")).sum().backward()
    firsts = net.embedding.tables.firsts
    slope = net.embedding.tables.rows.weight.grad
    assert slope is not None
    assert all((slope[firsts[table]] == 0).all() for table in ("item", "colour"))


def test_nobody_without_a_past_is_refused() -> None:
    net, inputs = network(), some(world(requests=40), 30)
    empty = with_pasts(inputs, STEPS, np.zeros((len(inputs.asks), STEPS, 2), np.int32))
    assert net(batch_of(empty, "cpu")).isfinite().all()
    assert net(batch_of(one(empty, 0), "cpu")).isfinite().all()


def test_softmax_sums_to_one_in_each_row() -> None:
    weights, row = torch.tensor([1.0, 2.0, -80.0, 90.0, 3.0]), torch.tensor([0, 0, 2, 2, 3])
    found = softmax(weights, row, 4)
    sums = torch.zeros(4).index_add(0, row, found)
    torch.testing.assert_close(sums, torch.tensor([1.0, 0.0, 1.0, 1.0]))
    torch.testing.assert_close(found[:2], weights[:2].softmax(0))
