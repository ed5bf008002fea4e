"""What changes from day to day: themes come and go, categories wander, interests swing."""

from dataclasses import dataclass

import numpy as np

from world.draws import Floats, chance
from world.people import People
from world.taxonomy import Taxonomy

SWING = 0.5
PERIOD = 14


@dataclass(frozen=True)
class Drift:
    """Factors on popularity by day."""

    theme: Floats  # (day, theme)
    category: Floats  # (day, second level)


def make_drift(seed: int, days: int, taxonomy: Taxonomy) -> Drift:
    """Trends of a world."""
    rng = chance(seed, "drift")
    themes = taxonomy.count("theme")
    peak, width = rng.random(themes) * (days + 14) - 7, 2 + 5 * rng.random(themes)
    height = 1.6 * (rng.random(themes) < 0.4) * rng.random(themes)
    bump = height * np.exp(-(((np.arange(days)[:, None] - peak) / width) ** 2))
    steps = 0.08 * rng.standard_normal((days, int(taxonomy.middle.max()) + 1))
    return Drift(np.exp(bump), np.exp(np.cumsum(steps, axis=0)))


def interest_weights(people: People, day: int) -> Floats:
    """Each user's interests on a day, the strongest at 1. (user, slot)"""
    swing = np.exp(SWING * np.sin(2 * np.pi * (day / PERIOD + people.phase)))
    alive = (people.since <= day) & (day < people.until)
    weight: Floats = people.weight * swing * alive
    strongest: Floats = weight.max(axis=1, keepdims=True)
    return weight / strongest
