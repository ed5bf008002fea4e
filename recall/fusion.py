"""Fusion: the candidates of several channels become one order that forgets none of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recall.candidates import Candidates

Doubles = NDArray[np.float64]
EVEN: Mapping[str, float] = {}


@dataclass(frozen=True)
class Hit:
    """Where one channel had an item, and what it thought of it."""

    channel: str
    rank: int  # 1 is the first
    score: float


@dataclass(frozen=True)
class Found:
    """An item, what fusion thinks of it, and all that found it: who decided comes first."""

    item: int
    score: float
    found_by: tuple[Hit, ...]

    @property
    def channel(self) -> str:
        """Name the channel that decided."""
        return self.found_by[0].channel


@dataclass(frozen=True)
class Pool:
    """What all channels found, side by side."""

    channels: tuple[str, ...]
    channel: NDArray[np.intp]  # (hits,) place in `channels`
    items: NDArray[np.int32]  # (hits,)
    ranks: NDArray[np.int64]  # (hits,)
    scores: Doubles  # (hits,)

    def of_channels(self, values: Mapping[str, float], usual: float = 1.0) -> Doubles:
        """Give every hit the value of its channel."""
        return np.array([values.get(name, usual) for name in self.channels])[self.channel]

    def hit(self, place: int) -> Hit:
        """Give one hit."""
        name = self.channels[int(self.channel[place])]
        return Hit(name, int(self.ranks[place]), float(self.scores[place]))


@dataclass(frozen=True)
class Order:
    """Items, the best first. Thousands are sorted and few are shown: those are told one by one."""

    pool: Pool
    items: NDArray[np.int32]  # (found,)
    scores: Doubles  # (found,)
    hits: NDArray[np.intp]  # (hits,) places in `pool`, item after item, who decided first
    bounds: NDArray[np.intp]  # (found + 1,) where the hits of each begin
    comparable: bool = True  # scores are of one scale, and not those of channels in turn

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, place: int) -> Found:
        """Give the item that stands somewhere."""
        hits = self.hits[self.bounds[place] : self.bounds[place + 1]]
        found_by = tuple(self.pool.hit(hit) for hit in hits.tolist())
        return Found(int(self.items[place]), float(self.scores[place]), found_by)

    def __iter__(self) -> Iterator[Found]:
        return (self[place] for place in range(len(self)))


def pool_of(candidates: Sequence[Candidates]) -> Pool:
    """Lay the candidates of all channels side by side."""
    sizes = [len(c.items) for c in candidates]
    return Pool(
        tuple(c.channel for c in candidates),
        np.repeat(np.arange(len(candidates)), sizes),
        np.concatenate([np.zeros(0, np.int32), *(c.items for c in candidates)]),
        np.concatenate([np.zeros(0, np.int64), *(np.arange(1, size + 1) for size in sizes)]),
        np.concatenate([np.zeros(0), *(c.scores for c in candidates)]),
    )


def snake(candidates: Sequence[Candidates], top: int, weights: Mapping[str, float] = EVEN) -> Order:
    """Take from each channel in turn; an item keeps the first place that it got.

    A channel of weight 2 gives two items while one of weight 1 gives one.
    """
    pool = pool_of(candidates)
    turns = (pool.ranks - 0.5) / pool.of_channels(weights)
    return ordered(pool, -turns, None, top)


def reciprocal(
    candidates: Sequence[Candidates],
    top: int,
    weights: Mapping[str, float] = EVEN,
    smooth: float = 60.0,
) -> Order:
    """Add up 1 / (smooth + rank) over channels.

    Cormack, Clarke, Büttcher: Reciprocal Rank Fusion (2009).
    """
    pool = pool_of(candidates)
    worth = pool.of_channels(weights) / (smooth + pool.ranks)
    return ordered(pool, worth, added(pool, worth), top)


def added(pool: Pool, worth: Doubles) -> Doubles:
    """Give every hit the sum over all hits of its item."""
    items, places = np.unique(pool.items, return_inverse=True)
    sums: Doubles = np.bincount(places, worth, len(items)).astype(np.float64)
    return sums[places]


def ordered(pool: Pool, worth: Doubles, totals: Doubles | None, top: int) -> Order:
    """Order items by their total or else by their best hit; of equals the earlier channel's."""
    order = np.lexsort((pool.channel, -worth))
    _, firsts, item = np.unique(pool.items[order], return_index=True, return_inverse=True)
    best = np.sort(firsts)  # the best hit of each item, the best of all first
    if totals is not None:
        best = best[np.argsort(-totals[order[best]], kind="stable")]
    best = best[:top]
    place = np.full(len(firsts), len(best))
    place[item[best]] = np.arange(len(best))
    by_place = np.argsort(place[item], kind="stable")
    bounds = np.searchsorted(place[item][by_place], np.arange(len(best) + 1))
    values = pool.scores if totals is None else totals
    chosen = order[best]
    return Order(
        pool, pool.items[chosen], values[chosen], order[by_place], bounds, totals is not None
    )
