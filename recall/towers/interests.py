"""The tags that a person has liked over a long time, the old ones less."""

import numpy as np
from numpy.typing import NDArray

from graph.graph import Edges, Floats, Numbers
from nlp.compiled import Doubles, Longs, compiled

FADING = 0.98  # what is left of a deed's weight with each deed after it
LARGEST = 1e100


def interests(
    starts: NDArray[np.int64], items: Numbers, weights: Floats, tags: Edges, most: int, kept: int
) -> tuple[Numbers, Floats]:
    """Give the strongest tags after each deed, -1 for none, and their shares. # (deeds, kept)"""
    found = np.full((len(items), kept), -1, np.int32)
    shares = np.zeros((len(items), kept), np.float32)
    scores, top = np.zeros(most), np.empty(kept, np.int32)
    told = (tags.starts, tags.targets, tags.weights)
    _interests(starts, items, weights, *told, scores, top, found, shares)
    return found, shares


@compiled
def _interests(
    starts: Longs,
    items: Numbers,
    weights: Floats,
    tag_starts: Longs,
    tag_targets: Numbers,
    tag_weights: Floats,
    scores: Doubles,
    top: Numbers,
    found: Numbers,
    shares: Floats,
) -> None:
    for person in range(len(starts) - 1):
        filled, loudness = 0, 1.0
        for deed in range(starts[person], starts[person + 1]):
            loudness /= FADING
            if loudness > LARGEST:
                scores /= loudness
                loudness = 1.0
            for at in range(tag_starts[items[deed]], tag_starts[items[deed] + 1]):
                scores[tag_targets[at]] += weights[deed] * tag_weights[at] * loudness
                filled = _enter(top, filled, tag_targets[at], scores)
            _tell(top[:filled], scores, found[deed], shares[deed])
        for deed in range(starts[person], starts[person + 1]):
            for at in range(tag_starts[items[deed]], tag_starts[items[deed] + 1]):
                scores[tag_targets[at]] = 0.0


@compiled
def _tell(top: Numbers, scores: Doubles, found: Numbers, shares: Floats) -> None:
    """Write the strongest tags down, and the share that each has among them."""
    total = 0.0
    for tag in top:
        total += scores[tag]
    for place in range(len(top)):
        found[place] = top[place]
        shares[place] = scores[top[place]] / max(total, 1e-300)


@compiled
def _enter(top: Numbers, filled: int, tag: int, scores: Doubles) -> int:
    """Take a tag among the strongest, if it is; only tags that were touched can have risen."""
    weakest = 0
    for place in range(filled):
        if top[place] == tag:
            return filled
        if scores[top[place]] < scores[top[weakest]]:
            weakest = place
    if filled < len(top):
        top[filled] = tag
        return filled + 1
    if scores[tag] > scores[top[weakest]]:
        top[weakest] = tag
    return filled
