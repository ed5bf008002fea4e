from dataclasses import replace

import numpy as np
import torch

from ranking.networks.batch import batch_of
from ranking.networks.fm import FMNetwork
from ranking.training.dealing import DAY, dealt, deck_of, parts
from tests.ranking.rankers.worlds import world


def test_days_come_in_order_and_each_is_shuffled() -> None:
    examples = world(60).learn
    times = np.sort(np.random.default_rng(0).random(len(examples))) * 3 * DAY
    examples = replace(examples, times=times)
    one, other = (
        np.concatenate([*dealt(examples, 100, np.random.default_rng(seed))]) for seed in (1, 2)
    )
    days = times[one] // DAY
    assert sorted(one) == list(range(len(examples)))
    assert (np.diff(days) >= 0).all()
    for day in range(3):
        within = one[days == day]
        assert not np.array_equal(within, np.sort(within))
        assert set(within) == set(other[times[other] // DAY == day])
    assert not np.array_equal(one, other)
    sizes = [len(rows) for rows in dealt(examples, 100, np.random.default_rng(1))]
    assert sizes[:-1] == [100] * (len(sizes) - 1)
    assert sum(sizes) == len(examples)


def test_a_hand_is_those_rows_and_scores_as_they_do() -> None:
    tiny = world(60)
    deck, network = deck_of(tiny.learn, "cpu"), FMNetwork(tiny.layout, 4)
    rows = np.array([5, 3, 3, 90])
    hand, part = deck.hand(torch.from_numpy(rows)), tiny.learn.part(rows)
    torch.testing.assert_close(network(hand.batch), network(batch_of(part.inputs, "cpu")))
    assert np.array_equal(hand.labels.numpy(), part.labels)
    assert np.array_equal(hand.weights.numpy(), part.weights)
    assert hand.batch.own_items  # there are more items than rows, and none has a past
    assert not hand.batch.own_asks
    assert len(hand.batch.asks) == len(np.unique(tiny.learn.inputs.ask[rows]))


def test_parts_are_all_pairs_in_order() -> None:
    tiny = world(60)
    network = FMNetwork(tiny.layout, 4)
    found = [network(batch) for batch in parts(tiny.learn.inputs, 77, "cpu")]
    assert len(found) > 1
    torch.testing.assert_close(torch.cat(found), network(batch_of(tiny.learn.inputs, "cpu")))
