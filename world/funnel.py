"""From seen to bought: each step has its own reasons, so each step selects."""

from dataclasses import dataclass

import numpy as np

from world.draws import Flags, Floats, Ints, sigmoid
from world.items import Items
from world.people import People
from world.slate import Market, Slate
from world.taste import out_of_reach, price_fit
from world.visits import SCENES, Visits

KINDS = ("search", "expose", "click", "collect", "cart", "coupon", "purchase")
SEARCHED, EXPOSED, CLICKED, COLLECTED, CARTED, COUPONED, PURCHASED = range(len(KINDS))
DEPTH = 24
PLACES = np.arange(DEPTH, dtype=np.float64)
CURVES = {
    "home": 1 / (1 + 0.10 * PLACES),
    "search": (1 + PLACES) ** -0.55,
    "category": np.exp(-0.07 * PLACES),
    "luxury": 1 / (1 + 0.22 * PLACES),
    "brands": (1 + PLACES) ** -0.35,
}
CURVE_TABLE = np.stack([CURVES[scene] for scene in SCENES])
COUPON, BOUGHT_WITH, BOUGHT_WITHOUT = 0.55, 0.45, 0.2


@dataclass(frozen=True)
class Deeds:
    """Events as columns; `row` points into the slate."""

    row: Ints
    kind: Ints
    time: Ints


def attraction(market: Market, visits: Visits, slate: Slate) -> Floats:
    """The chance of a click on an item that is certainly looked at."""
    user, item = visits.user[slate.request], slate.item
    items, people = market.items, market.people
    fit = price_fit(people, items, user, item)
    far = out_of_reach(people, items, user, item)
    age = np.minimum((visits.time[slate.request] - items.published[item]) / 86_400, 30) / 30
    return sigmoid(
        -3.5
        + 4.6 * slate.taste
        + 0.35 * items.quality[item]
        + 0.3 * items.bait[item]
        + 0.45 * fit
        - 0.8 * far
        - 0.25 * age
    )


def conversion(people: People, items: Items, user: Ints, item: Ints, liking: Floats) -> Floats:
    """Log-odds that a click is serious: dearness and bait count against it, quality for it."""
    fit = price_fit(people, items, user, item)
    bait, quality = items.bait[item], items.quality[item]
    dear = 0.12 * np.log(items.price[item] / 300)
    return 0.6 * liking + 0.7 * quality - 0.8 * bait + 0.5 * fit - dear + people.eager[user]


def clicks(rng: np.random.Generator, market: Market, visits: Visits, slate: Slate) -> Flags:
    """Looked at, by the position's curve, and attracted."""
    scene = visits.scene[slate.request]
    looked = CURVE_TABLE[scene, slate.position]
    return rng.random(len(slate.item)) < looked * attraction(market, visits, slate)


def follow(rng: np.random.Generator, market: Market, visits: Visits, slate: Slate) -> list[Deeds]:
    """The click and what comes after it, step by step."""
    row = np.flatnonzero(clicks(rng, market, visits, slate))
    shown = visits.time[slate.request[row]]
    time = shown + 2 + slate.position[row] + rng.integers(0, 9, len(row))
    clicked = Deeds(row, np.full(len(row), CLICKED), time)
    user, item = visits.user[slate.request[row]], slate.item[row]
    serious = conversion(market.people, market.items, user, item, slate.taste[row])
    collected = later(rng, clicked, sigmoid(serious - 2.2), COLLECTED, 40)
    carted = later(rng, clicked, sigmoid(serious - 2.1), CARTED, 90)
    lucky = rng.random(len(carted.row)) < COUPON
    couponed = later(rng, part(carted, lucky), np.ones(int(lucky.sum())), COUPONED, 30)
    chance_with = np.full(len(couponed.row), BOUGHT_WITH)
    bought = later(rng, couponed, chance_with, PURCHASED, 1500)
    without = part(carted, ~lucky)
    chance_without = np.full(len(without.row), BOUGHT_WITHOUT)
    return [
        clicked,
        collected,
        carted,
        couponed,
        bought,
        later(rng, without, chance_without, PURCHASED, 1500),
    ]


def part(deeds: Deeds, which: Flags) -> Deeds:
    """Some of the deeds."""
    return Deeds(deeds.row[which], deeds.kind[which], deeds.time[which])


def later(rng: np.random.Generator, deeds: Deeds, chance: Floats, kind: int, wait: float) -> Deeds:
    """The deeds that lead to the next kind, some seconds on."""
    goes = part(deeds, rng.random(len(chance)) < chance)
    delay = 3 + rng.exponential(wait, len(goes.row)).astype(np.int64)
    return Deeds(goes.row, np.full(len(goes.row), kind), goes.time + delay)
