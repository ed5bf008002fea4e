"""What the networks of all rankers read and give."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from ranking.examples import Inputs
from ranking.networks.batch import Batch, batch_of
from ranking.networks.embedding import Embedding
from ranking.networks.features import count, vectors
from ranking.networks.whole import loss_of
from ranking.rankers.spec import NetworkRanker
from tests.ranking.rankers.test_contract import FLOORS, ranker
from tests.ranking.rankers.worlds import LAYOUT, world

NETWORKS = [kind for kind in FLOORS if isinstance(ranker(kind), NetworkRanker)]
TWO = replace(LAYOUT, tasks=("click", "order"))


@pytest.fixture(scope="module")
def some() -> Inputs:
    return world(20).learn.inputs


@pytest.fixture(scope="module")
def batch(some: Inputs) -> Batch:
    return batch_of(some, "cpu")


def network(kind: str) -> nn.Module:
    torch.manual_seed(0)
    made = ranker(kind)
    assert isinstance(made, NetworkRanker)
    return made.network(TWO)


@pytest.mark.parametrize("kind", NETWORKS)
def test_each_task_has_log_odds(batch: Batch, kind: str) -> None:
    assert network(kind).eval()(batch).shape == (len(batch.ask), 2)


@pytest.mark.parametrize("kind", NETWORKS)
def test_every_weight_learns(batch: Batch, kind: str) -> None:
    learner, rows = network(kind), len(batch.ask)
    labels = torch.rand(rows, 2).round()
    loss_of(learner, learner(batch), labels, torch.ones(rows)).backward()
    still = [name for name, weight in learner.named_parameters() if weight.grad is None]
    assert not still


@pytest.mark.parametrize("kind", NETWORKS)
def test_pairs_are_scored_one_by_one_as_together(some: Inputs, batch: Batch, kind: str) -> None:
    learned = network(kind).eval()
    alone = [learned(batch_of(some.part(np.array([n])), "cpu")) for n in range(3)]
    torch.testing.assert_close(torch.cat(alone), learned(batch)[:3])


def test_pasts_are_read_as_means_of_what_is_real(batch: Batch) -> None:
    embedding = Embedding(LAYOUT, 4)
    found = vectors(embedding, batch)
    assert found.shape == (len(batch.ask), count(LAYOUT), 4)
    (past,), (steps,) = LAYOUT.asks.pasts, batch.asks.pasts
    real = steps[batch.ask[0]][steps[batch.ask[0], :, 0] > 0]  # (steps, fields)
    written = embedding.tables.look(real, past.fields).mean(0)
    torch.testing.assert_close(found[0, -2:], written)


def test_nobody_has_a_past_of_nought(batch: Batch) -> None:
    nowhere = replace(batch.asks, pasts=(torch.zeros_like(batch.asks.pasts[0]),))
    found = vectors(Embedding(LAYOUT, 4), replace(batch, asks=nowhere))
    torch.testing.assert_close(found[:, -2:], torch.zeros(len(batch.ask), 2, 4))
