"""Who comes: the hidden interests and habits of every user, as columns."""

from dataclasses import dataclass

import numpy as np

from world.draws import Floats, Ints, chance, pick, zipf
from world.items import Items
from world.noise_words import CITIES
from world.span import DAY, Span

INTERESTS = 4
INTEREST_COUNTS = np.array([0.2, 0.35, 0.3, 0.15])
OLD, RECENT, NEW = 0, 1, 2
ARRIVAL_SHARES = np.array([0.77, 0.17, 0.06])
NEW_DAYS = 3


@dataclass(frozen=True)
class People:
    """Columns of users; interests are (user, slot), with weight 0 in unused slots."""

    city: Ints
    device: Ints
    language: Ints
    joined: Ints
    activity: Floats
    purse: Floats  # the price level they like, in the units of `Items.fit`
    eager: Floats  # how readily they buy
    category: Ints
    theme: Ints
    brand: Ints
    style: Ints
    weight: Floats
    phase: Floats
    since: Ints  # the day an interest begins
    until: Ints  # the day it is gone

    def __len__(self) -> int:
        return len(self.joined)


def make_people(seed: int, count: int, span: Span, items: Items) -> People:
    """All users of a world, sharing a modest number of tastes."""
    rng = chance(seed, "people")
    tastes = common_tastes(rng, count, items)
    held = pick(rng, zipf(len(tastes), 0.4), count * INTERESTS).reshape(count, INTERESTS)
    chosen = tastes[held]
    since, until = lives(rng, count, span.days)
    group = pick(rng, ARRIVAL_SHARES, count)
    return People(
        city=pick(rng, zipf(len(CITIES), 0.8), count),
        device=pick(rng, np.array([0.45, 0.3, 0.1, 0.15]), count),
        language=pick(rng, np.array([0.78, 0.22]), count),
        joined=joining(rng, group, span),
        activity=rng.gamma(1.2, 1.0, count) * np.where(group == NEW, 0.5, 1.0),
        purse=0.5 * rng.standard_normal(count),
        eager=0.6 * rng.standard_normal(count),
        category=items.tags["category"][chosen],
        theme=wanted(rng, items.tags["theme"][chosen], 0.75),
        brand=wanted(rng, items.tags["brand"][chosen], 0.7),
        style=wanted(rng, items.tags["style"][chosen], 0.6),
        weight=weights(rng, count),
        phase=rng.random((count, INTERESTS)),
        since=since,
        until=until,
    )


def common_tastes(rng: np.random.Generator, users: int, items: Items) -> Ints:
    """Items whose tags stand for the tastes that many share, so that no taste is empty."""
    count = min(len(items), int(np.clip(users // 25, 20, 4000)))
    return pick(rng, items.pull, count)


def wanted(rng: np.random.Generator, tags: Ints, share: float) -> Ints:
    """Not every taste is particular about every facet."""
    return np.where(rng.random(tags.shape) < share, tags, -1)


def weights(rng: np.random.Generator, count: int) -> Floats:
    """One to four interests, the first the strongest."""
    held = 1 + pick(rng, INTEREST_COUNTS, count)
    raw = -np.sort(-(0.3 + 0.7 * rng.random((count, INTERESTS))), axis=1)
    return np.where(np.arange(INTERESTS) < held[:, None], raw, 0.0)


def lives(rng: np.random.Generator, count: int, days: int) -> tuple[Ints, Ints]:
    """The first interest stays; one in five of the others begins or ends in the window."""
    since = np.zeros((count, INTERESTS), np.int64)
    until = np.full((count, INTERESTS), days)
    moment = rng.integers(0, days + 1, (count, INTERESTS))
    change = rng.random((count, INTERESTS))
    change[:, 0] = 0.5
    return np.where(change < 0.1, moment, since), np.where(change > 0.9, moment, until)


def joining(rng: np.random.Generator, group: Ints, span: Span) -> Ints:
    """Long ago, within the window, or in the last days."""
    turn = rng.random(len(group))
    fresh = max(span.start, span.end - NEW_DAYS * DAY)
    low: Ints = np.array([span.start - 700 * DAY, span.start, fresh])[group]
    high: Ints = np.array([span.start, span.end, span.end])[group]
    return low + (turn * (high - low)).astype(np.int64)
