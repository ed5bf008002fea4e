"""The days go by: each block of requests is shown, answered, sorted and handed on."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from world.draws import Floats, Ints, chance
from world.drift import Drift, interest_weights
from world.events import Events, exposed, in_order, no_events, searched, together, told
from world.funnel import CLICKED, follow
from world.items import Items
from world.keywords import keywords
from world.people import People
from world.shelves import Shelf, whole_weights
from world.slate import Market, open_market, show
from world.span import DAY, OFFSET, Span
from world.surfaces import Surfaces
from world.taxonomy import Taxonomy
from world.visits import Visits, day_visits

BLOCK = 8192
FIRST_GUESS = 16.0
HEAT_KEPT = 0.85
HEAT_WEIGHT = 0.12
WEEKEND = 1.25


@dataclass(frozen=True)
class Setting:
    """What the world is, before anyone comes."""

    seed: int
    span: Span
    taxonomy: Taxonomy
    surfaces: Surfaces
    items: Items
    people: People
    drift: Drift
    shelves: dict[str, Shelf]


@dataclass(frozen=True)
class Block:
    """Events in order of time, with the keywords of the searches among them in order."""

    events: Events
    rest: Events  # what reaches beyond the block
    keywords: pl.Series
    randomised: Ints  # traces shown in random order


def live_days(setting: Setting, target: float) -> Iterator[Block]:
    """All blocks of the world, about `target` events in all."""
    shares = day_shares(setting.span)
    heat = np.zeros(len(setting.items))
    carried, traces, written, requests = no_events(), 0, 0, 0
    for day in range(setting.span.days):
        rate = (written + FIRST_GUESS * 500) / (requests + 500)
        wanted = (target - written) * shares[day] / shares[day:].sum() / rate
        visits = visits_of(setting, day, wanted)
        market = market_of(setting, day, heat)
        warm = np.zeros(len(setting.items))
        for block in blocks(setting, market, visits, day, traces, carried):
            carried = block.rest
            written += len(block.events)
            warm += clicked_items(block.events, len(warm))
            yield block
        traces, requests = traces + len(visits), requests + len(visits)
        heat = HEAT_KEPT * heat + warm


def day_shares(span: Span) -> Floats:
    """How much of the traffic falls on each day: weekends are busier, the trend is up."""
    numbers = np.arange(span.days)
    length = np.array([span.day(day)[1] - span.day(day)[0] for day in range(span.days)]) / DAY
    weekday = (numbers + (span.start + OFFSET) // DAY + 3) % 7
    busy: Floats = np.where(weekday >= 5, WEEKEND, 1.0) * (1 + 0.01 * numbers)
    return busy * length


def visits_of(setting: Setting, day: int, requests: float) -> Visits:
    """The requests of a day."""
    rng = chance(setting.seed, "visits", day)
    weight = interest_weights(setting.people, day)
    return day_visits(
        rng, setting.people, setting.items, weight, setting.span.day(day), max(requests, 1.0)
    )


def market_of(setting: Setting, day: int, heat: Floats) -> Market:
    """Shelves weighted by what is wanted on a day."""
    items, weight = setting.items, interest_weights(setting.people, day)
    pull = whole_weights(wanted(setting, day, heat))
    return open_market(items, setting.people, setting.taxonomy, setting.shelves, pull, weight)


def wanted(setting: Setting, day: int, heat: Floats) -> Floats:
    """Popularity of each item: its own pull, trends, novelty, and yesterday's clicks."""
    items, (begin, end) = setting.items, setting.span.day(day)
    theme = items.tags["theme"]
    trend = np.where(theme < 0, 1.0, setting.drift.theme[day, theme])
    family = setting.drift.category[day, setting.taxonomy.middle[items.tags["category"]]]
    shown = np.minimum(items.expires, end) - np.maximum(items.published, begin)
    there = np.clip(shown / (end - begin), 0.0, 1.0)
    age = np.maximum(begin - items.published, 0) / DAY
    novelty = 0.6 + 0.8 * np.exp(-age / 5)
    fame: Floats = np.sqrt(1 + HEAT_WEIGHT * heat)
    fashion: Floats = trend * family * novelty
    return items.pull * fashion * there * fame


def blocks(
    setting: Setting, market: Market, visits: Visits, day: int, first: int, carried: Events
) -> Iterator[Block]:
    """A day's blocks, each taking up what the one before left over."""
    for start in range(0, max(len(visits), 1), BLOCK):
        part = visits.part(slice(start, start + BLOCK))
        after = start + BLOCK
        last = int(visits.time[after]) if after < len(visits) else setting.span.day(day)[1] - 1
        rng = chance(setting.seed, "block", day, start)
        happened = answer(rng, market, part, first + start)
        events = together([carried, *happened])
        carried = events.part(events.time > last)
        now = in_order(events.part(events.time <= last))
        typed = keywords(rng, part, setting.people, setting.taxonomy, setting.surfaces)
        yield Block(now, carried, typed, first + start + np.flatnonzero(part.randomised))


def answer(rng: np.random.Generator, market: Market, visits: Visits, first: int) -> list[Events]:
    """All that comes of some requests."""
    slate = show(rng, market, visits)
    deeds = follow(rng, market, visits, slate)
    shown = [searched(visits, first), exposed(visits, slate, first)]
    return shown + [told(visits, slate, deed, first) for deed in deeds]


def clicked_items(events: Events, items: int) -> Floats:
    """Clicks on each item."""
    clicked = events.item[events.kind == CLICKED]
    return np.bincount(clicked, minlength=items).astype(np.float64)
