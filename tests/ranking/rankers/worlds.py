"""A tiny world with an obvious answer: persons take items of the two colours that they like."""

from dataclasses import dataclass, replace

import numpy as np

from ranking.examples import Columns, Examples, Field, Inputs, Layout, Past, Side, nothing

COLOURS, ITEMS, PERSONS, STEPS = 6, 60, 120, 6
OFTEN, SELDOM = 0.85, 0.1
DAY = 86_400.0

ITEM = Field("item", ITEMS + 1, "item")
COLOUR = Field("colour", COLOURS + 1, "colour")
LAYOUT = Layout(
    asks=Side(
        ones=(Field("person", PERSONS + 1, "person"),),
        pasts=(
            Past(
                "taken",
                (
                    Field("past item", ITEMS + 1, "item"),
                    Field("past colour", COLOURS + 1, "colour"),
                ),
                ("item", "colour"),
                STEPS + 2,
            ),
        ),
    ),
    items=Side(
        ones=(ITEM, COLOUR), bags=(Field("words", COLOURS + 3, "words"),), numbers=("price",)
    ),
)


@dataclass(frozen=True)
class World:
    """What is learned, what decides the end, and what came last."""

    layout: Layout
    learn: Examples
    check: Examples
    later: Examples


def world(requests: int = 900, shown: int = 8, seed: int = 0) -> World:
    """Show items to persons for three days."""
    draws = np.random.default_rng(seed)
    colours = (np.arange(ITEMS) % COLOURS).astype(np.int32)
    tastes = np.stack([draws.permutation(COLOURS)[:2] for _ in range(PERSONS)])  # (persons, 2)
    persons = draws.integers(0, PERSONS, requests)
    asks = _asks(draws, persons, tastes, colours)
    items = draws.integers(0, ITEMS, (requests, shown))
    ask = np.repeat(np.arange(requests), shown)
    item = items.ravel()
    liked = (colours[item][:, None] == tastes[persons[ask]]).any(1)
    labels = (draws.random(len(item)) < np.where(liked, OFTEN, SELDOM)).astype(np.float32)[:, None]
    inputs = Inputs(
        asks, _items(colours), nothing(len(item)), ask, item, np.zeros((len(item), 0), np.int32)
    )
    times = np.sort(draws.random(requests))[ask] * 3 * DAY
    weights, scenes = np.ones(len(item), np.float32), np.full(len(item), -1, np.int32)
    whole = Examples(inputs, labels, weights, persons[ask], ask, times, scenes)
    days = (times // DAY).astype(int)
    return World(LAYOUT, *(whole.part(np.flatnonzero(days == day)) for day in range(3)))


def _asks(
    draws: np.random.Generator, persons: np.ndarray, tastes: np.ndarray, colours: np.ndarray
) -> Columns:
    """Describe who asks: the person, and some items of a colour that they like."""
    likes = np.take_along_axis(tastes[persons], draws.integers(0, 2, (len(persons), STEPS)), 1)
    items = likes + COLOURS * draws.integers(0, ITEMS // COLOURS, likes.shape)
    steps = np.zeros((len(persons), STEPS + 2, 2), np.int32)
    steps[:, :STEPS, 0], steps[:, :STEPS, 1] = items + 1, colours[items] + 1
    ones = (persons[:, None] + 1).astype(np.int32)
    return Columns(ones, numbers=np.zeros((len(persons), 0), np.float32), pasts=(steps,))


def _items(colours: np.ndarray) -> Columns:
    number = np.arange(len(colours), dtype=np.int32)
    ones = np.stack([number + 1, colours + 1], 1).astype(np.int32)
    words = np.stack([colours + 1, np.where(number % 2, COLOURS + 2, 0)], 1).astype(np.int32)
    return Columns(ones, (words,), (number[:, None] / len(number)).astype(np.float32))


def shuffled(examples: Examples) -> Examples:
    """Give the same rows with answers that have nothing to do with them."""
    order = np.random.default_rng(1).permutation(len(examples))
    return replace(examples, labels=examples.labels[order])
