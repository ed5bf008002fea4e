import dataclasses

import numpy as np
import pytest

from graph.walks.chance import seeded
from recall.spaces.skipgram.corpora import Told, Walked
from recall.spaces.skipgram.kernels import Matrices, Passages, Rules, learn, room_of
from recall.spaces.skipgram.negatives import draw, negatives_of
from recall.spaces.skipgram.training import ALWAYS, Settings, train
from recall.spaces.trained import Sessions

NODES, DIM, RATE = 4, 5, 0.1
NO_THINNING = np.zeros(0, np.float32)


def passages(nodes, weights=None, starts=None):
    nodes = np.array(nodes, np.int32)
    starts = np.array([0, len(nodes)] if starts is None else starts, np.int64)
    weights = np.zeros(0) if weights is None else np.array(weights)
    return Passages(starts, nodes, weights.astype(np.float32))


def matrices():
    chance = np.random.default_rng(3)
    return Matrices(*(chance.normal(size=(NODES, DIM)).astype(np.float32) for _ in range(2)))


def learned(nodes, weights=None, averaged=False, final=ALWAYS, window=0):
    """Learn from one passage, with node 3 as the only negative there is."""
    counts = np.array([0, 0, 0, 1])
    rules = Rules(window, False, averaged, 1, final)
    made = matrices()
    negatives = negatives_of(counts, 0.75, {}, {})
    room = room_of(len(nodes), rules, DIM)
    count = learn(passages(nodes, weights), made, negatives, NO_THINNING, rules, room, RATE, 1)
    return made, count


def descend(start, inputs, outputs, node, force):
    """One step down the slope of -log s(v·u) - log s(-v·u'), where v is a mean of inputs."""
    ins, outs = start
    middle = ins[inputs].mean(0)
    change = np.zeros(DIM)
    for label, there in ((1, node), (0, outputs)):
        error = RATE * force * (label - 1 / (1 + np.exp(-middle @ outs[there])))
        change += error * outs[there]
        outs[there] += error * middle
    for row in inputs:
        ins[row] += change / len(inputs)


def oracle():
    return [matrix.astype(np.float64) for matrix in matrices()]


def agree(made, wanted):
    assert np.allclose(made.inputs, wanted[0], atol=2e-3)
    assert np.allclose(made.outputs, wanted[1], atol=2e-3)


def test_skipgram_steps_down_the_slope():
    made, pairs = learned([0, 1, 2])
    wanted = oracle()
    for node, around in ((0, (1, 2)), (1, (0, 2)), (2, (0, 1))):
        for other in around:
            descend(wanted, [other], 3, node, 1)
    assert pairs == 6
    agree(made, wanted)


def test_cbow_steps_down_the_slope_of_the_mean():
    made, pairs = learned([0, 1, 2], averaged=True)
    wanted = oracle()
    for node, around in ((0, [1, 2]), (1, [0, 2]), (2, [0, 1])):
        descend(wanted, around, 3, node, 1)
    assert pairs == 6
    agree(made, wanted)


def test_step_before_a_purchase_counts_more():
    made, _ = learned([0, 1], weights=[1, 5])
    wanted = oracle()
    descend(wanted, [1], 3, 0, 5)
    descend(wanted, [0], 3, 1, 5)
    agree(made, wanted)


def test_final_item_is_context_of_every_step():
    _, pairs = learned([0, 1, 0, 1, 2], weights=[1, 1, 1, 1, 5], window=1)
    _, more = learned([0, 1, 0, 1, 2], weights=[1, 1, 1, 1, 5], window=1, final=5)
    assert (pairs, more) == (8, 8 + 4)


def test_negatives_follow_frequency_to_the_power():
    counts = np.array([1, 16, 81, 0])
    negatives = negatives_of(counts, 0.75, {}, {})
    state, seen, out = seeded(1, 1), np.zeros(4), np.zeros(101, np.int32)
    for _ in range(400):
        state, size = draw(np.uint64(state), 3, negatives, out, 100)
        seen += np.bincount(out[1:size], minlength=4)
    assert seen / seen.sum() == pytest.approx(np.array([1, 8, 27, 0]) / 36, abs=0.01)


def test_share_of_negatives_comes_from_the_same_group():
    cities = np.array([7, 7, 7, 9, 9, 9, -1, -1], np.int32)
    negatives = negatives_of(np.ones(8, np.int64), 0.75, {"city": cities}, {"city": 0.6})
    state, out = seeded(1, 1), np.zeros(20_001, np.int32)
    state, size = draw(np.uint64(state), 0, negatives, out, 20_000)
    drawn = out[1:size]
    assert 0 not in drawn
    inside, outside = np.isin(drawn, [1, 2]).sum(), np.isin(drawn, [3, 4, 5, 6, 7]).sum()
    assert inside / (inside + outside) == pytest.approx(
        (0.6 * 2 / 3 + 0.4 * 2 / 8) / (0.6 * 2 / 3 + 0.4 * 7 / 8), abs=0.02
    )
    _, size = draw(np.uint64(state), 7, negatives, out, 20_000)
    assert np.bincount(out[1:size], minlength=8)[:7] / (size - 1) == pytest.approx(1 / 7, abs=0.02)


def told(seed=1, sessions=60):
    chance = np.random.default_rng(seed)
    starts = np.arange(sessions + 1, dtype=np.int64) * 8
    items = chance.integers(0, 10, 8 * sessions) + 10 * (np.arange(8 * sessions) // 8 % 2)
    return Told(Sessions(starts, items.astype(np.int32), np.ones(len(items), np.float32)), 21)


def test_same_seed_gives_the_same_vectors_and_another_others():
    settings = Settings(dim=8, epochs=2, seed=4)
    one, two = (train(told(), settings, {}) for _ in range(2))
    assert (one.inputs == two.inputs).all()
    assert (one.outputs == two.outputs).all()
    other = train(told(), dataclasses.replace(settings, seed=5), {})
    assert (one.inputs != other.inputs).any()


@pytest.mark.parametrize("averaged", [False, True])
@pytest.mark.parametrize("threads", [1, 2])
def test_items_of_the_same_sessions_come_together(averaged, threads):
    settings = Settings(
        dim=8, epochs=40, rate=0.1, averaged=averaged, shuffled=True, threads=threads
    )
    vectors = train(told(), settings, {}).inputs[:20]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    near = vectors @ vectors.T
    assert near[:10, :10].mean() > near[:10, 10:].mean() + 0.3


def test_item_that_never_occurs_stays_at_nought():
    assert not train(told(), Settings(dim=8, epochs=1), {}).inputs[20].any()


def test_heads_are_read_less_often():
    corpus = told(sessions=200)
    rare = train(corpus, Settings(dim=4, epochs=1, thinning=0.001), {}).pairs
    assert 0 < rare < 0.2 * train(corpus, Settings(dim=4, epochs=1), {}).pairs


def test_parts_of_walks_together_begin_everywhere_as_often():
    begins = np.arange(3, 13, dtype=np.int32)
    corpus = Walked(lambda nodes, seed, first: nodes[:, None], begins, 20, 1, 7, 0)
    parts = np.concatenate([corpus.part(0, number).nodes for number in range(corpus.parts)])
    assert np.bincount(parts, minlength=20).tolist() == [0] * 3 + [7] * 10 + [0] * 7
    assert corpus.counts().tolist() == [0] * 3 + [1] * 10 + [0] * 7
