"""What each request shows, and in which order."""

from dataclasses import dataclass

import numpy as np

from world.draws import Flags, Floats, Ints, pick_rows, within_runs
from world.items import Items
from world.people import People
from world.shelves import Shelf, draw, steps_of
from world.taste import taste
from world.taxonomy import Taxonomy
from world.visits import (
    BRANDS,
    BY_BRAND,
    BY_BRANDED_CATEGORY,
    BY_CATEGORY,
    BY_THEME,
    HOME,
    LUXURY,
    Visits,
)

AIMED, POPULAR = 0, 1
SOURCES = np.array(  # (scene, source), the third of which is anything
    [[0.50, 0.30, 0.20], [0.88, 0.06, 0.06], [0.84, 0.08, 0.08], [1.0, 0.0, 0.0], [0.9, 0.05, 0.05]]
)
WIDEN = 0.4
SYSTEM_TASTE, SYSTEM_PULL = 1.6, 0.35


@dataclass(frozen=True)
class Market:
    """Everything that stands still while a day goes by."""

    items: Items
    people: People
    taxonomy: Taxonomy
    shelves: dict[str, Shelf]
    steps: dict[str, Ints]
    weight: Floats  # of interests (user, slot)


@dataclass(frozen=True)
class Slate:
    """Exposures as columns, request by request in order of position."""

    request: Ints
    item: Ints
    position: Ints
    taste: Floats


def open_market(
    items: Items,
    people: People,
    taxonomy: Taxonomy,
    shelves: dict[str, Shelf],
    pull: Ints,
    weight: Floats,
) -> Market:
    """The market of a day on which items are wanted by these whole weights."""
    steps = {name: steps_of(shelf, pull) for name, shelf in shelves.items()}
    return Market(items, people, taxonomy, shelves, steps, weight)


def show(rng: np.random.Generator, market: Market, visits: Visits) -> Slate:
    """Fill the slots of the requests with distinct live items and put them in order."""
    request = np.repeat(np.arange(len(visits)), visits.size)
    item = candidates(rng, market, visits, request)
    found = item >= 0
    request, item = request[found], item[found]
    keep = distinct(request, item, len(market.items)) & live(market.items, item, visits, request)
    request, item = request[keep], item[keep]
    liking = taste(
        market.people,
        market.items,
        market.taxonomy,
        market.weight,
        visits.user[request],
        item,
        visits.focus[request],
    )
    rank = system_order(rng, market.items, visits, request, item, liking)
    request, item, liking = request[rank], item[rank], liking[rank]
    counts = np.bincount(request, minlength=len(visits))
    return Slate(request, item, within_runs(counts), liking)


def candidates(rng: np.random.Generator, market: Market, visits: Visits, request: Ints) -> Ints:
    """An item for each slot, from what the request aims at, what is popular, or anything."""
    scene = visits.scene[request]
    source = pick_rows(rng, SOURCES, scene)
    known = np.maximum(np.searchsorted(market.items.published, visits.time, side="right"), 1)
    item = (rng.random(len(request)) * known[request]).astype(np.int64)
    everywhere = np.full(len(request), -1)
    hits = from_shelf(rng, market, "category", everywhere, everywhere)
    item = np.where((source == POPULAR) & (hits >= 0), hits, item)
    for name, major, minor, chosen in aims(rng, market, visits, request, source):
        found = from_shelf(rng, market, name, major, minor)
        other = from_shelf(rng, market, fallback(name), everywhere[chosen], everywhere[chosen])
        item[chosen] = np.where(found < 0, other, found)
    return item


def fallback(shelf: str) -> str:
    """Where to look when a pair has nothing to offer."""
    return "luxury" if shelf == "luxury" else "category"


def from_shelf(
    rng: np.random.Generator, market: Market, name: str, major: Ints, minor: Ints
) -> Ints:
    """Items of a pair of tags by popularity, -1 where there are none."""
    shelf = market.shelves[name]
    low, high = shelf.between(major, minor)
    return draw(shelf, market.steps[name], low, high, rng.random(len(major)))


def aims(
    rng: np.random.Generator, market: Market, visits: Visits, request: Ints, source: Ints
) -> list[tuple[str, Ints, Ints, Ints]]:
    """For each shelf: the pair aimed at, and the slots that aim there."""
    leaf, theme, brand = (
        column[request] for column in (visits.category, visits.theme, visits.brand)
    )
    shelf = aimed_shelf(rng, visits, request)
    wide = rng.random(len(request)) < WIDEN
    pairs = {
        "category": (leaf, np.where(wide | plain_category(visits)[request], -1, theme)),
        "brand": (brand, np.where(wide | plain_brand(visits)[request], -1, leaf)),
        "theme": (theme, np.full(len(theme), -1)),
        "luxury": (np.where(wide, -1, market.taxonomy.top[leaf]), np.full(len(leaf), -1)),
    }
    aimed = source == AIMED
    found = []
    for number, (name, (major, minor)) in enumerate(pairs.items()):
        chosen = np.flatnonzero(aimed & (shelf == number))
        found.append((name, major[chosen], minor[chosen], chosen))
    return found


def aimed_shelf(rng: np.random.Generator, visits: Visits, request: Ints) -> Ints:
    """0–3 for category, brand, theme and luxury; the category where a tag is missing."""
    scene, wish = visits.scene, visits.wish
    by_brand = (scene == BRANDS) | np.isin(wish, (BY_BRAND, BY_BRANDED_CATEGORY))
    by_theme = wish == BY_THEME
    shelf = np.where(by_brand & (visits.brand >= 0), 1, 0)
    shelf = np.where(by_theme & (visits.theme >= 0), 2, shelf)
    shelf = np.where(scene == LUXURY, 3, shelf)[request]
    home_brand = (scene == HOME)[request] & (rng.random(len(request)) < 0.25)
    return np.where(home_brand & (visits.brand[request] >= 0), 1, shelf)


def plain_category(visits: Visits) -> Flags:
    """Requests that name a category and no theme."""
    plain: Flags = visits.wish == BY_CATEGORY
    return plain


def plain_brand(visits: Visits) -> Flags:
    """Requests that name a brand and no category."""
    plain: Flags = (visits.scene == BRANDS) | (visits.wish == BY_BRAND)
    return plain


def distinct(request: Ints, item: Ints, items: int) -> Flags:
    """Keep the first of equal items in a request."""
    code = request * items + item
    _, first = np.unique(code, return_index=True)
    keep = np.zeros(len(item), np.bool_)
    keep[first] = True
    return keep


def live(items: Items, item: Ints, visits: Visits, request: Ints) -> Flags:
    """Published already and not yet over."""
    now = visits.time[request]
    return (items.published[item] <= now) & (now < items.expires[item])


def system_order(
    rng: np.random.Generator,
    items: Items,
    visits: Visits,
    request: Ints,
    item: Ints,
    liking: Floats,
) -> Ints:
    """The shop's present ranking: half-knowing, noisy, and blind in the randomised slice."""
    noise = rng.gumbel(size=len(item))
    known = SYSTEM_TASTE * liking + SYSTEM_PULL * np.log(items.pull[item])
    score = np.where(visits.randomised[request] > 0, noise, noise + known)
    return np.lexsort((-score, request))
