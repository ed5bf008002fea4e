"""How much of what was wanted is found, and how high: recall, hit rate, NDCG, average position."""

import numpy as np
from numpy.typing import NDArray

from recall.evaluation.exam import Hits
from recall.evaluation.shares import Share, each


def recall(hits: Hits, wanted: NDArray[np.int64]) -> Share:
    """Give the share of what was wanted that is found. # hits: (questions, top) of 0 and 1"""
    return each(hits.sum(1) / wanted)


def hit_rate(hits: Hits) -> Share:
    """Give the share of questions that find something wanted."""
    return each((hits.sum(1) > 0).astype(np.float64))


def ndcg(hits: Hits, wanted: NDArray[np.int64]) -> Share:
    """Give the gain of what is found, discounted by its place (Järvelin and Kekäläinen, 2002)."""
    top = hits.shape[1]
    gains = 1 / np.log2(np.arange(2, top + 2))
    ideal = np.concatenate(([0.0], np.cumsum(gains)))[np.minimum(wanted, top)]
    return each(hits @ gains / ideal)


def position(hits: Hits) -> Share:
    """Give the average place of what was wanted and found, from 1 on (58.com's measure)."""
    places = np.arange(1, hits.shape[1] + 1, dtype=np.float64)
    return Share(hits @ places, hits.sum(1))


def found_of(hits: Hits, wanted: NDArray[np.int64]) -> Share:
    """Give the share of all that was wanted, whoever wanted it, that is found."""
    return Share(hits.sum(1), wanted.astype(np.float64))
