"""Whether models agree on what is worth showing of all that is on offer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from sqlalchemy import Connection

from ranking.evaluation.agreeing import agreement
from ranking.evaluation.exam import ALL
from ranking.evaluation.figures import PAIR
from ranking.examples import Longs
from ranking.features.asked import Asked, asked_of
from ranking.features.rows import encode
from ranking.labelled import Labelled
from ranking.ready import Ready
from recall.evaluation.figures import Figure


@dataclass(frozen=True)
class Pool:
    """How agreement is asked: of so many requests, with so many items each."""

    asks: int = 100
    items: int = 1_000
    top: int = 20  # of one model
    cut: int = 200  # of the other


def agreements(
    connection: Connection, later: Labelled, models: Sequence[Ready], pool: Pool, seed: int
) -> Iterator[Figure]:
    """Give the share of each model's best that every other one keeps in its cut."""
    if pool.items <= pool.cut or not len(later) or len(models) < 2:
        return
    wanted = drawn(later, pool, seed)
    scores = {
        model.name: model.scorer.score(encode(connection, model.encoding, wanted))[:, 0]
        for model in models
    }
    for one, other in permutations(scores, 2):
        value = agreement(scores[one], scores[other], wanted.ask, pool.top, pool.cut)
        if not np.isnan(value):
            measure = f"agreement@{pool.top}/{pool.cut} - {other}"
            yield Figure(PAIR, one, ALL, ALL, measure, value, value, value, pool.asks)


def drawn(later: Labelled, pool: Pool, seed: int) -> Asked:
    """Ask some of the requests for the same items, drawn by how often each was shown."""
    draws = np.random.default_rng(seed)
    whole = asked_of(later)
    some = np.sort(draws.permutation(len(whole.persons))[: pool.asks])
    items, counts = np.unique(later.items, return_counts=True)
    size = min(pool.items, len(items))
    chosen = draws.choice(items, size, replace=False, p=counts / counts.sum())
    ask: Longs = np.repeat(np.arange(len(some)), size).astype(np.int64)
    return Asked(
        whole.persons[some],
        whole.moments[some],
        whole.scenes[some],
        whole.scene_names,
        ask,
        np.tile(chosen, len(some)),
    )
