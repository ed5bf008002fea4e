"""Six items in two cities and three categories, and three persons, for whom chances are known."""

import numpy as np

from graph.graph import edges_of
from recall.spaces.trained import Deeds, Samples

PARIS, ROME = 0, 1
DRESS, CUP, HAT = 0, 1, 2
CITIES = np.array([PARIS, PARIS, PARIS, ROME, ROME, -1], np.int32)
CATEGORIES = np.array([DRESS, DRESS, CUP, CUP, HAT, HAT], np.int32)
EXPOSURES = np.array([16, 1, 81, 16, 0, 256], np.float32)
LIKES = {0: [0, 1, 0], 1: [3], 2: []}
PASSED = {(0, 2): 3, (0, 5): 1, (2, 4): 1}


def small() -> Samples:
    """Person 0 likes two dresses of Paris and passed by 2 and 5; person 1 passed nothing by."""
    items = np.array([i for likes in LIKES.values() for i in likes], np.int32)
    deeds = Deeds(
        np.cumsum([0, *map(len, LIKES.values())]).astype(np.int64),
        items,
        np.arange(len(items), dtype=np.float64),
        np.array([1, 5, 1, 3], np.float32),
        np.array([0, 0, 1, -1], np.int32),
        ("home", "cheap"),
    )
    persons, passed = (np.array(side, np.int32) for side in zip(*PASSED, strict=True))
    times = np.array(list(PASSED.values()), np.float32)
    return Samples(
        deeds,
        EXPOSURES,
        edges_of("person", "item", persons, passed, times, len(LIKES)),
        traits={"item": {"city": CITIES, "category": CATEGORIES}},
        trait_words={"item": {"city": ("Paris", "Rome"), "category": ("dress", "cup", "hat")}},
    )
