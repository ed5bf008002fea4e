"""Which tags keep company, learned from titles whose tags are known."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from nlp.compiled import Doubles, Longs

SHIFT = 32
_BATCH = 50_000
_MOST = 64  # tags of one title


@dataclass(frozen=True, eq=False)
class Cooccurrence:
    """Counts by tag id and by pair of ids (`smaller << 32 | larger`), both sorted."""

    titles: float
    tag: Longs
    often: Doubles
    pair: Longs
    together: Doubles


def no_company() -> Cooccurrence:
    """Nothing learned yet."""
    nothing = np.zeros(0, np.int64)
    return Cooccurrence(0.0, nothing, np.zeros(0), nothing, np.zeros(0))


def learn(titles: Iterable[Collection[int]], at_least: int = 1) -> Cooccurrence:
    """Count tags and pairs over titles, each given as the ids of its tags."""
    stream = iter(titles)
    found = no_company()
    while batch := [sorted(set(tags))[:_MOST] for tags in islice(stream, _BATCH)]:
        found = added(found, counted(batch))
    often = found.together >= at_least
    return replace(found, pair=found.pair[often], together=found.together[often])


def counted(batch: list[list[int]]) -> Cooccurrence:
    """One batch."""
    tags = np.array([tag for tags in batch for tag in tags], np.int64)
    pairs = np.array(
        [
            one << SHIFT | other
            for tags in batch
            for at, one in enumerate(tags)
            for other in tags[at + 1 :]
        ],
        np.int64,
    )
    tag, count = np.unique(tags, return_counts=True)
    pair, together = np.unique(pairs, return_counts=True)
    return Cooccurrence(float(len(batch)), tag, count.astype(float), pair, together.astype(float))


def added(one: Cooccurrence, other: Cooccurrence) -> Cooccurrence:
    """Both counts together."""
    tag, count = summed(one.tag, one.often, other.tag, other.often)
    pair, together = summed(one.pair, one.together, other.pair, other.together)
    return Cooccurrence(one.titles + other.titles, tag, count, pair, together)


def summed(key: Longs, value: Doubles, more: Longs, values: Doubles) -> tuple[Longs, Doubles]:
    """Sums by key."""
    keys, place = np.unique(np.concatenate([key, more]), return_inverse=True)
    sums = np.bincount(place, np.concatenate([value, values]), len(keys))
    return keys, sums.astype(np.float64)
