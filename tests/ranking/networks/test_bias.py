from dataclasses import replace

import numpy as np
import pytest
import torch

from ranking.examples import Columns, Examples, Field, Inputs, Layout, Side, nothing
from ranking.networks.bias import Unbiased, both
from ranking.rankers.fm import FM
from ranking.rankers.lesson import Lesson
from ranking.training.judging import auc
from ranking.training.trained import Trained

PLACES, ITEMS, ROWS = 12, 40, 24_000
CURVE = 1 / (1 + 0.15 * np.arange(PLACES))
LAYOUT = Layout(
    items=Side(ones=(Field("item", ITEMS + 1, "item"),)),
    bias=(Field("position", PLACES + 1, "position"),),
)


def shown() -> tuple[Examples, np.ndarray]:
    """Some items are pushed up, whatever they are worth: the place and the item are entangled."""
    draws = np.random.default_rng(2)
    worth, push = draws.uniform(0.05, 0.8, ITEMS), draws.random(ITEMS)
    items = draws.integers(0, ITEMS, (ROWS // PLACES, PLACES))
    order = np.argsort(-(push[items] + draws.normal(0, 0.25, items.shape)), 1)
    items = np.take_along_axis(items, order, 1).ravel()
    places = np.tile(np.arange(PLACES), ROWS // PLACES)
    labels = draws.random(len(items)) < CURVE[places] * worth[items]
    codes = np.arange(1, ITEMS + 1, dtype=np.int32)[:, None]
    none = np.zeros(len(items), np.int64)
    inputs = Inputs(
        nothing(1),
        Columns(codes),
        nothing(len(items)),
        none,
        items.astype(np.int64),
        (places[:, None] + 1).astype(np.int32),
    )
    rows = np.arange(len(items))
    made = Examples(
        inputs,
        labels.astype(np.float32)[:, None],
        np.ones(len(rows), np.float32),
        rows,
        rows // PLACES,
        np.zeros(len(rows)),
        np.full(len(rows), -1, np.int32),
    )
    return made, worth


@pytest.fixture(scope="module")
def learned() -> tuple[Trained, Examples, np.ndarray]:
    made, worth = shown()
    ranker = FM(type="fm", dim=2, rate=0.03, batch=2048, epochs=20)
    trained = ranker.fit(Lesson(LAYOUT, made))
    assert isinstance(trained, Trained)
    return trained, made, worth


def test_the_tower_finds_the_curve(learned: tuple[Trained, Examples, np.ndarray]) -> None:
    network = learned[0].network
    assert isinstance(network, Unbiased)
    with torch.inference_mode():
        found = network.looked(torch.arange(1, PLACES + 1)[:, None]).exp()[:, 0].numpy()
    assert np.abs(found / found[0] / CURVE - 1).max() < 0.1


def test_without_the_place_items_stand_by_their_worth(
    learned: tuple[Trained, Examples, np.ndarray],
) -> None:
    trained, made, worth = learned
    some = made.inputs
    chances = trained.score(some.without_bias())[:, 0]
    firsts = np.unique(some.item, return_index=True)[1]
    assert np.corrcoef(chances[firsts], worth)[0, 1] > 0.98
    plain = FM(type="fm", dim=2, rate=0.03, batch=2048, epochs=20)
    biased = plain.fit(Lesson(replace(LAYOUT, bias=()), made)).score(some)[:, 0]
    fair = np.random.default_rng(1).random(len(made)) < worth[some.item]
    assert auc(chances, fair.astype(np.float32)) > auc(biased, fair.astype(np.float32)) + 0.01


def test_the_usual_place_keeps_chances_true(
    learned: tuple[Trained, Examples, np.ndarray],
) -> None:
    trained, made, _ = learned
    chances = trained.score(made.inputs.without_bias())
    assert abs(float(chances.mean()) / float(made.labels.mean()) - 1) < 0.05


def test_both_is_the_product_of_chances() -> None:
    p, q = torch.tensor([0.5, 0.9, 0.999]), torch.tensor([0.2, 0.999, 1e-6])
    odds = both(p.log(), torch.logit(q))
    torch.testing.assert_close(torch.sigmoid(odds), p * q, rtol=1e-4, atol=1e-9)


def test_chances_come_true_in_serving() -> None:
    made, _ = shown()
    half = len(made) // 2
    learn, check = made.part(np.arange(half)), made.part(np.arange(half, len(made)))
    ranker = FM(type="fm", dim=2, rate=0.03, batch=2048, epochs=4)
    chances = ranker.fit(Lesson(LAYOUT, learn, check)).score(check.inputs.without_bias())
    assert abs(float(chances.mean()) / float(check.labels.mean()) - 1) < 0.01
