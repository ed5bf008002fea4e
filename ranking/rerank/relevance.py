"""Scores of any scale become relevance: 1 for the best item, 0 at the depth that is looked at."""

import numpy as np

from ranking.rerank.stock import Doubles

SMOOTH = 60.0  # as reciprocal fusion has it


def relevance_of(scores: Doubles, comparable: bool, depth: int) -> Doubles:
    """Bring scores of items, the best first, to one scale; what lies deeper is below 0.

    Where channels take turns their scores cannot be compared, and the place stands for them. A
    later part that an earlier stage scored on another scale never counts for more.
    """
    if not len(scores):
        return np.zeros(0)
    if comparable:
        falling = np.minimum.accumulate(np.nan_to_num(scores.astype(np.float64)))
    else:
        falling = 1.0 / (SMOOTH + np.arange(1, len(scores) + 1))
    high, low = falling[0], falling[min(depth, len(scores)) - 1]
    relevance: Doubles = (falling - low) / (high - low) if high > low else np.zeros(len(scores))
    return relevance
