import pytest
import torch

from recall.towers import softmax
from recall.towers.softmax import softmax_loss


def given(positives: int, shared: int, own: int) -> list[torch.Tensor]:
    draws = torch.Generator().manual_seed(0)
    sizes = [(positives, 6), (positives, 6), (shared, 6), (positives, own)]
    return [torch.randn(*size, generator=draws, requires_grad=True) for size in sizes]


@pytest.mark.parametrize(("shared", "own"), [(40, 3), (40, 0), (0, 3)])
def test_loss_and_slopes_are_what_autograd_finds(
    shared: int, own: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(softmax, "SCORES", 200)  # several parts, the last one short
    asking, right, others, mine = given(33, shared, own)
    off, weights = torch.rand(shared), torch.rand(33)
    rows = torch.tensor([0, 0, 4, 31]) if shared else torch.zeros(0, dtype=torch.long)
    places = torch.tensor([1, 5, 7, 9]) if shared else rows
    loss = softmax_loss(asking, right, others, mine, off, (rows, places), weights)
    loss.backward()
    found = [some.grad for some in (asking, right, others, mine)]
    for some in (asking, right, others, mine):
        some.grad = None
    hit = (asking * right).sum(1, keepdim=True)
    scores = (asking @ others.T - off).index_put((rows, places), torch.tensor(-1e9))
    every = torch.cat((hit, scores, mine), 1)
    wanted = ((every.logsumexp(1) - hit[:, 0]) * weights).sum()
    wanted.backward()
    assert torch.allclose(loss, wanted, rtol=1e-5)
    for one, some in zip(found, (asking, right, others, mine), strict=True):
        assert one is not None
        assert torch.allclose(one, some.grad, atol=1e-5)


def test_scores_far_apart_stay_finite() -> None:
    asking, right, others, mine = given(3, 4, 1)
    none = torch.zeros(0, dtype=torch.long)
    loss = softmax_loss(
        asking * 1e4, right, others, mine, torch.zeros(4), (none, none), torch.ones(3)
    )
    loss.backward()
    assert torch.isfinite(loss)
    assert all(torch.isfinite(some.grad).all() for some in (asking, right, others))
