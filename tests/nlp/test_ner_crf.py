"""Sums over taggings against every tagging, one by one."""

from itertools import pairwise, product

import numpy as np
import pytest
import torch

from nlp.ner.chain_loss import chain_loss
from nlp.ner.crf import expected
from nlp.ner.samples import Sample, Span
from nlp.ner.tags import Tags

TAGS = Tags(("A",))
TEXTS = (1, 4, 3)
BOUNDS = np.array([0, *np.cumsum(TEXTS)])


@pytest.fixture
def chain():
    random = np.random.default_rng(7)
    count = len(TAGS)
    follows = TAGS.follows + random.normal(size=(count, count))
    starts = TAGS.starts + random.normal(size=count)
    ends = TAGS.ends + random.normal(size=count)
    return random.normal(size=(sum(TEXTS), count)) * 2, follows, starts, ends


def every(chain, text):
    """All taggings of a text with their scores."""
    scores, follows, starts, ends = chain
    here = scores[BOUNDS[text] : BOUNDS[text + 1]]
    for path in product(range(len(TAGS)), repeat=len(here)):
        steps = sum(follows[a, b] for a, b in pairwise(path))
        yield path, sum(here[range(len(here)), path]) + steps + starts[path[0]] + ends[path[-1]]


def log_sum(values):
    return np.logaddexp.reduce(list(values))


def run_expected(chain, allowed, factors=None):
    factors = np.ones(len(TEXTS)) if factors is None else factors
    return expected(chain[0], allowed, BOUNDS, factors, *chain[1:])


def test_sums_and_counts_are_those_of_all_taggings(chain):
    totals, tags, steps, firsts, lasts = run_expected(chain, np.ones_like(chain[0], bool))
    real = [np.zeros_like(part) for part in (tags, steps, firsts, lasts)]
    for text in range(len(TEXTS)):
        taggings = list(every(chain, text))
        assert totals[text] == pytest.approx(log_sum(score for _, score in taggings))
        for path, score in taggings:
            chance = np.exp(score - totals[text])
            real[0][np.arange(BOUNDS[text], BOUNDS[text + 1]), path] += chance
            for pair in pairwise(path):
                real[1][pair] += chance
            real[2][path[0]] += chance
            real[3][path[-1]] += chance
    for mine, theirs in zip((tags, steps, firsts, lasts), real, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-12)


def test_a_partial_loss_sums_over_what_is_unknown(chain):
    sample = Sample("abcd", (Span(1, 3, "A"),), partial=True)
    allowed = np.ones_like(chain[0], bool)
    allowed[1:5] = TAGS.allowed(sample)
    kept = [s for path, s in every(chain, 1) if path[1] == 1 and path[2] == 3]
    everything = [score for _, score in every(chain, 1)]
    parts = [torch.tensor(part, dtype=torch.double, requires_grad=True) for part in chain]
    loss = chain_loss(parts[0], parts[1:], allowed, BOUNDS, np.ones(3))
    assert loss.item() == pytest.approx(log_sum(everything) - log_sum(kept), rel=1e-6)


def test_the_gradient_is_that_of_small_changes(chain):
    sample = Sample("abcd", (Span(1, 3, "A"),))
    allowed = np.ones_like(chain[0], bool)
    allowed[1:5] = TAGS.allowed(sample)
    factors = np.array([1.0, 0.5, 2.0])
    scores = torch.tensor(chain[0], dtype=torch.double, requires_grad=True)
    rest = [torch.tensor(part) for part in chain[1:]]
    chain_loss(scores, rest, allowed, BOUNDS, factors).backward()
    small = np.zeros_like(chain[0])
    small[2, 3] = 1e-3

    def loss_at(moved):
        return chain_loss(torch.tensor(moved), rest, allowed, BOUNDS, factors).item()

    slope = (loss_at(chain[0] + small) - loss_at(chain[0] - small)) / 2e-3
    assert scores.grad[2, 3].item() == pytest.approx(slope, abs=1e-3)
