"""What towers have learned, as plain arrays: vectors of nodes, and the person tower's numbers."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import orjson

from graph.graph import Edges, Floats, Numbers
from graph.products import product
from recall.spaces.trained import unit

Arrays = Mapping[str, Floats]
Meaning = Mapping[str, object]
ARRAYS, MEANING = "tower.npz", "tower.json"


@dataclass(frozen=True)
class Placed:
    """Vectors of items, of what describes them, and of persons, who may have several."""

    vectors: Mapping[str, Floats]
    persons: Floats  # (persons, interests, dim)
    files: Mapping[str, bytes]

    def score(self, persons: Numbers) -> Floats:
        """Score every item by the interest that fits it best. # (persons, items)"""
        return best_of(self.persons[persons], self.vectors["item"])

    def save(self) -> dict[str, bytes]:
        """Give what answers for persons, as files."""
        return dict(self.files)


def best_of(asked: Floats, searched: Floats) -> Floats:
    """Score items by the interest that fits best. # (persons, items)"""
    scores = asked[:, 0] @ searched.T
    for interest in range(1, asked.shape[1]):
        np.maximum(scores, asked[:, interest] @ searched.T, out=scores)
    return np.asarray(scores, np.float32)


def tags_of(features: Edges, items: Floats, tags: int) -> Floats:
    """Place what describes items at the mean of its items; what has none, at the mean of all."""
    order = np.argsort(features.targets, kind="stable")
    starts = np.concatenate(([0], np.cumsum(np.bincount(features.targets, minlength=tags))))
    sources, weights = features.sources()[order], features.weights[order]
    sums = product(Edges(features.target, "item", starts, sources, weights), items)
    empty = ~np.any(sums, axis=1)
    sums[empty] = items.mean(0)
    return unit(sums)


def written(arrays: Arrays, meaning: Meaning) -> dict[str, bytes]:
    """Write arrays and what they mean as two files."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **dict(arrays))
    return {ARRAYS: file.getvalue(), MEANING: orjson.dumps(meaning)}
