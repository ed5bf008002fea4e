import numpy as np
import torch

from ranking.networks.batch import batch_of
from ranking.networks.esmm import ESMMNetwork, both
from ranking.networks.pricing import priced
from ranking.rankers.deep import Hidden
from tests.ranking.rankers.several import several


def test_what_follows_is_a_product() -> None:
    torch.manual_seed(0)
    tiny = several(requests=40)
    net = ESMMNetwork(tiny.layout, 4, Hidden((8,)), (1.0, 1.0)).eval()
    batch = batch_of(tiny.later.inputs, "cpu")
    odds, after = net(batch).detach().double(), net.after(batch).detach().double()
    torch.testing.assert_close(odds[:, 0], after[:, 0])
    torch.testing.assert_close(odds[:, 1].sigmoid(), after.sigmoid().prod(1), rtol=1e-5, atol=1e-7)


def test_products_of_chances_near_nought_and_one_are_exact() -> None:
    odds = torch.tensor([-90.0, -1.0, 0.0, 3.0, 90.0])
    one, other = (grid.flatten() for grid in torch.meshgrid(odds, odds, indexing="ij"))
    found = both(one, other).double()
    chance = lambda x: 1 / (1 + np.exp(-x.double().numpy()))  # noqa: E731 - one line
    wanted = chance(one) * chance(other)
    np.testing.assert_allclose(chance(found), wanted, rtol=1e-5)
    assert found.isfinite().all()


def test_a_task_counts_by_its_price() -> None:
    odds, labels, weights = torch.randn(6, 2), torch.ones(6, 2), torch.ones(6)
    alone = [priced(odds[:, [n]], labels[:, [n]], weights, (1.0,)) for n in range(2)]
    found = priced(odds, labels, weights, (1.0, 3.0))
    torch.testing.assert_close(found, (alone[0] + 3 * alone[1]) / 4)
