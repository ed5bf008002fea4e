"""A tiny world of two tasks: persons click the colours they like, and buy what is cheap of that."""

import numpy as np

from ranking.examples import Examples, Layout
from tests.ranking.rankers.worlds import ITEMS, World, world

TASKS = ("click", "purchase")
OFTEN, SELDOM = 0.7, 0.05  # a purchase after the click of something cheap, or not


def several(requests: int = 900) -> World:
    """Give the tiny world, with purchases."""
    tiny = world(requests)
    old = tiny.layout
    layout = Layout(old.asks, old.items, old.pairs, old.bias, TASKS)
    parts = (_bought(part, day) for day, part in enumerate((tiny.learn, tiny.check, tiny.later)))
    return World(layout, *parts)


def cheap(examples: Examples) -> np.ndarray:
    """Tell which pairs' items are cheap."""
    return examples.inputs.item < ITEMS // 2


def _bought(examples: Examples, day: int) -> Examples:
    draws = np.random.default_rng(day)
    chance = np.where(cheap(examples), OFTEN, SELDOM)
    clicked = examples.labels[:, 0] > 0
    bought = clicked & (draws.random(len(clicked)) < chance)
    labels = np.stack([clicked, bought], 1).astype(np.float32)
    return type(examples)(**{**vars(examples), "labels": labels})
