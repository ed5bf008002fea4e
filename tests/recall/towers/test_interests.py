from collections import Counter

import numpy as np

from graph.graph import edges_of
from recall.towers.interests import FADING, interests

STARTS = np.array([0, 30, 30, 50])


def test_the_strongest_tags_are_those_that_plain_counting_finds() -> None:
    draws = np.random.default_rng(0)
    items = draws.integers(0, 12, 50).astype(np.int32)
    weights = draws.choice([1.0, 3.0, 5.0], 50).astype(np.float32)
    sources, targets = np.nonzero(draws.random((12, 9)) < 0.3)
    marks = draws.random(len(sources)).astype(np.float32)
    ends = sources.astype(np.int32), targets.astype(np.int32)
    tags = edges_of("item", "tag", *ends, marks, 12)
    found, shares = interests(STARTS, items, weights, tags, 9, 3)
    for person in range(3):
        total: Counter[int] = Counter()
        for deed in range(STARTS[person], STARTS[person + 1]):
            total = Counter({tag: score * FADING for tag, score in total.items()})
            for at in range(tags.starts[items[deed]], tags.starts[items[deed] + 1]):
                total[int(tags.targets[at])] += float(weights[deed] * tags.weights[at])
            best = dict(total.most_common(3))
            told = {
                int(tag): s for tag, s in zip(found[deed], shares[deed], strict=True) if tag >= 0
            }
            assert told.keys() == best.keys()
            for tag, score in best.items():
                assert abs(told[tag] - score / sum(best.values())) < 1e-5
