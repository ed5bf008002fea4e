import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from ranking.examples import Field, Layout, Side
from ranking.networks.embedding import Embedding
from ranking.networks.lookup import Rows, look, pick
from ranking.rankers.fm import FM
from ranking.training.lazy import LazyAdam, _move_by_torch
from ranking.training.moving import LOWEST, Mover, rate_at

LAYOUT = Layout(pairs=Side(ones=(Field("one", 5, "one"),)))


class Small(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.layer = Embedding(LAYOUT, 2), nn.Linear(2, 1)


def spec(**more: Any) -> FM:
    return FM.model_validate({"type": "fm", "optimiser": "sgd", "rate": 0.5, **more})


def moved(**more: Any) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Move once by slopes of 1: embeddings before and after, layers before and after."""
    torch.manual_seed(0)
    small = Small()
    table, layer = small.embedding.tables.rows.weight, small.layer.weight
    before = table.detach().clone(), layer.detach().clone()
    mover = Mover(spec(**more), small, 10)
    (table.sum() + layer.sum()).backward()
    mover.step()
    return before[0], table.detach(), before[1], layer.detach()


def test_l1_takes_the_same_from_every_embedding_and_nothing_from_layers() -> None:
    table, after, layer, layer_after = moved(l1=0.2)
    torch.testing.assert_close(after, table - 0.5 * (1 + 0.2 * table.sign()))
    torch.testing.assert_close(layer_after, layer - 0.5)


def test_l2_takes_from_embeddings_by_their_size() -> None:
    table, after, layer, layer_after = moved(l2=0.2)
    torch.testing.assert_close(after, table - 0.5 * (1 + 0.2 * table))
    torch.testing.assert_close(layer_after, layer - 0.5)


def test_l2_of_layers_takes_from_layers() -> None:
    table, after, layer, layer_after = moved(l2_layers=0.2)
    torch.testing.assert_close(after, table - 0.5)
    torch.testing.assert_close(layer_after, layer - 0.5 * (1 + 0.2 * layer))


def test_clip_shortens_the_slope_of_layers() -> None:
    table, after, layer, layer_after = moved(clip=0.1)
    torch.testing.assert_close((layer_after - layer).norm(), torch.tensor(0.05), rtol=0.5, atol=0)
    torch.testing.assert_close(after, table - 0.5)


def test_the_rate_rises_then_falls_along_a_cosine() -> None:
    cosine = spec(schedule="cosine", warm_up=4, rate=1.0)
    assert [rate_at(cosine, step, 14) for step in range(4)] == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert rate_at(cosine, 4, 14) == 1.0
    half = LOWEST + (1 - LOWEST) * (1 + math.cos(math.pi / 2)) / 2
    assert rate_at(cosine, 9, 14) == pytest.approx(half)
    assert rate_at(cosine, 14, 14) == pytest.approx(LOWEST)
    assert rate_at(spec(rate=1.0), 100, 10) == 1.0


def test_a_plateau_lowers_the_rate_to_a_tenth() -> None:
    mover = Mover(spec(schedule="plateau"), Small(), 10)
    for since in (0, 1, 0):
        mover.tell(since)
    for weight in (*mover.embedded, *mover.layers):
        weight.grad = torch.ones_like(weight)
    mover.step()
    assert mover.optimisers[0].param_groups[0]["lr"] == pytest.approx(0.05)


def test_lazy_is_adam_where_every_row_takes_part() -> None:
    some = torch.randn(6, 3)
    lazy, usual = (nn.Parameter(some.clone()) for _ in range(2))
    one, other = LazyAdam([lazy], 0.1, 0.0, 0.0), torch.optim.Adam([usual], lr=0.1)
    numbers = torch.tensor([0, 1, 2, 3, 4, 5, 2, 2])
    for _ in range(5):
        for weight, sparse in ((lazy, True), (usual, False)):
            weight.grad = None
            (look(weight, numbers, sparse) ** 2).sum().backward()
        one.step()
        other.step()
    torch.testing.assert_close(lazy, usual)


@pytest.mark.parametrize("l1", [0.0, 0.3])
def test_lazy_leaves_rows_that_take_no_part(l1: float) -> None:
    table = Rows(6, 3)
    table.sparse = True
    nn.init.normal_(table.weight, std=0.1)
    before = table.weight.detach().clone()
    mover = LazyAdam([table.weight], 0.1, 0.5, l1)
    for _ in range(2):
        table(torch.tensor([[1, 4], [1, 1]])).sum().backward()
        mover.step()
        mover.zero_grad()
    still = [0, 2, 3, 5]
    assert torch.equal(table.weight[still], before[still])
    assert (table.weight[[1, 4]] < before[[1, 4]]).all()
    assert (mover.places[table.weight] == -1).all()


def test_lazy_by_torch_alone_is_the_same_as_compiled() -> None:
    one, other = (nn.Parameter(torch.linspace(-1, 1, 12).reshape(6, 2)) for _ in range(2))
    numbers, slopes = torch.tensor([[1, 3, 1]]), torch.randn(3, 2)
    compiled, plain = (LazyAdam([weight], 0.1, 0.2, 0.3) for weight in (one, other))
    for _ in range(3):
        slope = torch.sparse_coo_tensor(numbers, slopes, (6, 2), check_invariants=True)
        one.grad = slope
        compiled.step()
        with torch.no_grad():
            _move_by_torch(other, slope.coalesce(), plain._held(other), (0.1, 0.2, 0.3))
    torch.testing.assert_close(one, other)


def test_slopes_of_a_lookup_are_those_of_torch() -> None:
    draws = np.random.default_rng(0)
    table = torch.randn(7, 4, dtype=torch.float64, requires_grad=True)
    numbers = torch.from_numpy(draws.integers(0, 7, (5, 3)))
    weights = torch.randn(5, 3, 4, dtype=torch.float64)
    (ours,) = torch.autograd.grad((look(table, numbers) * weights).sum(), table)
    (theirs,) = torch.autograd.grad((table[numbers] * weights).sum(), table)
    torch.testing.assert_close(ours, theirs)
    (named,) = torch.autograd.grad((look(table, numbers, True) * weights).sum(), table)
    torch.testing.assert_close(named.to_dense(), theirs)


def test_parts_are_picked_with_their_slopes() -> None:
    whole = torch.randn(4, 2, 3, requires_grad=True)
    numbers = torch.tensor([3, 0, 3])
    assert torch.equal(pick(whole, numbers), whole[numbers])
    (ours,) = torch.autograd.grad(pick(whole, numbers).square().sum(), whole)
    (theirs,) = torch.autograd.grad(whole[numbers].square().sum(), whole)
    torch.testing.assert_close(ours, theirs)
