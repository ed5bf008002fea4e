"""Negatives where nothing tells what was shown: drawn from what was on offer at the time."""

from dataclasses import dataclass

import numpy as np

from nlp.compiled import Doubles, Flags
from ranking.examples import Longs, Moments
from ranking.labelled import Labelled
from ranking.samples.spec import DAY, Drawn

SECONDS = 86_400
ROUNDS = 10  # what may not be drawn is drawn again so often; a slot that never fits stays empty


@dataclass(frozen=True)
class Offers:
    """Items in order of id, when each was on offer, and how often each was clicked on a day."""

    items: Longs  # (items,) ids
    begins: Moments  # (items,)
    ends: Moments  # (items,)
    days: Longs  # (counts,) since 1970
    places: Longs  # (counts,) of items
    counts: Doubles  # (counts,)


def draw(clicks: Labelled, offers: Offers, drawn: Drawn) -> tuple[Longs, Longs]:
    """Draw items for each click, day by day; give the row of the click and the id of the item."""
    days = np.floor(clicks.times / SECONDS).astype(np.int64)
    liked = _liked(clicks)
    rows, items = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for day in np.unique(days).tolist():
        of, places = _draw_day(clicks, np.flatnonzero(days == day), offers, drawn, day, liked)
        rows.append(of)
        items.append(offers.items[places])
    return np.concatenate(rows), np.concatenate(items)


def _draw_day(
    clicks: Labelled, today: Longs, offers: Offers, drawn: Drawn, day: int, liked: Longs
) -> tuple[Longs, Longs]:
    """Draw for the clicks of a day; the same day has the same draws, whatever is read around it."""
    draws = np.random.default_rng([drawn.seed, day])
    bars = np.cumsum(_masses(offers, drawn, day))
    of = np.repeat(today, drawn.count).astype(np.int64)
    places = np.full(len(of), -1, np.int64)
    if not len(bars) or bars[-1] <= 0:
        return of[:0], places[:0]
    for _ in range(ROUNDS):
        empty = np.flatnonzero(places < 0)
        hit = np.searchsorted(bars, draws.random(len(empty)) * bars[-1], side="right")
        hit = np.minimum(hit, len(bars) - 1)
        fits = _fits(clicks, of[empty], offers, hit, liked)
        places[empty[fits]] = hit[fits]
    return of[places >= 0], places[places >= 0]


def _masses(offers: Offers, drawn: Drawn, day: int) -> Doubles:
    """Give what was never clicked the mass of one click, and what is not on offer none."""
    past = (offers.days < day) & (offers.days >= day - max(1, drawn.over // DAY))
    counts = np.bincount(offers.places[past], offers.counts[past], len(offers.items))
    there = (offers.begins < (day + 1) * SECONDS) & (offers.ends > day * SECONDS)
    masses: Doubles = np.maximum(counts, 1.0) ** drawn.power * there
    return masses


def _fits(clicks: Labelled, rows: Longs, offers: Offers, places: Longs, liked: Longs) -> Flags:
    """Tell what was on offer at that very moment, and what its person never clicked."""
    times = clicks.times[rows]
    there = (offers.begins[places] <= times) & (offers.ends[places] > times)
    pairs = (clicks.persons[rows] << 32) + offers.items[places]
    at = np.minimum(np.searchsorted(liked, pairs), len(liked) - 1)
    fits: Flags = there & (liked[at] != pairs)
    return fits


def _liked(clicks: Labelled) -> Longs:
    """Give who clicked what, in order."""
    return np.unique((clicks.persons << 32) + clicks.items)
