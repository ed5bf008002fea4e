import numpy as np
import torch

from ranking.networks.augru import AUGRU
from ranking.networks.batch import batch_of
from ranking.networks.dien import DIENNetwork, foretold
from ranking.rankers.deep import Hidden
from tests.ranking.networks.oracles import augru, weight
from tests.ranking.networks.test_din import one, some, with_pasts
from tests.ranking.rankers.worlds import LAYOUT, STEPS, world


def network() -> DIENNetwork:
    torch.manual_seed(0)
    return DIENNetwork(LAYOUT, 4, Hidden((8,)), 0.5).eval()


def test_augru_is_that_of_plain_loops() -> None:
    torch.manual_seed(0)
    unit, steps, attention = AUGRU(3, 4), torch.randn(5, 6, 3), torch.rand(5, 6)
    found = unit(unit.of_step(steps), attention).detach().numpy()
    layers = [(weight(layer), weight(layer, "bias")) for layer in (unit.of_step, unit.of_state)]
    for row in range(5):
        wanted = augru(layers[0], layers[1], steps[row].numpy(), attention[row].numpy())
        np.testing.assert_allclose(found[row], wanted, rtol=1e-5, atol=1e-6)


def test_full_attention_makes_it_a_gru() -> None:
    torch.manual_seed(0)
    unit, steps = AUGRU(3, 4), torch.randn(5, 6, 3)
    told = unit.of_step(steps)
    ends = unit(told, torch.ones(5, 6))
    torch.testing.assert_close(unit(told, torch.zeros(5, 6)), torch.zeros(5, 4))
    assert (ends != unit(told, torch.full((5, 6), 0.5))).all()


def test_a_request_is_scored_as_its_pairs_are() -> None:
    net, inputs = network(), one(some(world(requests=40), 30), 3)
    places = np.zeros(2, np.int64)
    twice = type(inputs)(**{**vars(inputs), "asks": inputs.asks.part(places)})
    alone, among = (net(batch_of(i, "cpu")).detach() for i in (inputs, twice))
    torch.testing.assert_close(alone, among, rtol=1e-4, atol=1e-6)


def test_fillings_change_nothing_and_learn_nothing() -> None:
    net, inputs = network(), some(world(requests=40), 30)
    short, long = (with_pasts(inputs, length) for length in (STEPS, STEPS + 9))
    torch.testing.assert_close(net(batch_of(short, "cpu")), net(batch_of(long, "cpu")))
    labels, weights = torch.ones(30, 1), torch.ones(30)
    net.train()
    net.loss(net(batch_of(long, "cpu")), labels, weights).backward()
    slope = net.embedding.tables.rows.weight.grad
    assert slope is not None
    assert all((slope[net.embedding.tables.firsts[t]] == 0).all() for t in ("item", "colour"))


def test_steps_that_states_tell_cost_less() -> None:
    torch.manual_seed(0)
    keys, real = torch.eye(8)[torch.randint(8, (20, 5))], torch.ones(20, 5, dtype=torch.bool)
    known = torch.zeros(20, 5, 8)
    known[:, :-1] = 3 * keys[:, 1:]
    assert foretold(known, keys, real) < foretold(torch.zeros(20, 5, 8), keys, real)
    assert foretold(known, keys, torch.zeros(20, 5, dtype=torch.bool)) == 0
