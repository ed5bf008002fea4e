"""Items laid out by pairs of tags, so that drawing from any tag or pair is one look-up."""

from dataclasses import dataclass

import numpy as np

from world.draws import Floats, Ints
from world.items import Items
from world.taxonomy import Taxonomy

LUXURY_PRICE = 2000


@dataclass(frozen=True)
class Shelf:
    """Items by (major, minor) tag; a minor of -1 sits first."""

    order: Ints
    edges: Ints  # (major * width + minor + 1)
    width: int

    def between(self, major: Ints, minor: Ints) -> tuple[Ints, Ints]:
        """Slices of `order` that hold a pair; -1 as minor or major means all of them."""
        code = np.maximum(major, 0) * self.width
        low = np.where(minor < 0, code, code + minor + 1)
        high = np.where(minor < 0, code + self.width, code + minor + 2)
        low, high = np.where(major < 0, 0, low), np.where(major < 0, len(self.edges) - 1, high)
        return self.edges[low], self.edges[high]


def make_shelf(major: Ints, minor: Ints, majors: int, minors: int, among: Ints) -> Shelf:
    """A shelf of the items in `among` that have the major tag."""
    among = among[major[among] >= 0]
    width = minors + 1
    code = major[among] * width + minor[among] + 1
    counts = np.bincount(code, minlength=majors * width)
    edges = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    return Shelf(among[np.argsort(code, kind="stable")], edges, width)


def make_shelves(items: Items, taxonomy: Taxonomy) -> dict[str, Shelf]:
    """By category and theme, brand and category, theme and category; and the dear ones."""
    everything = np.arange(len(items))
    dear = np.flatnonzero(items.price >= LUXURY_PRICE)
    leaf, brand, theme = (items.tags[facet] for facet in ("category", "brand", "theme"))
    leaves, brands, themes = (taxonomy.count(facet) for facet in ("category", "brand", "theme"))
    return {
        "category": make_shelf(leaf, theme, leaves, themes, everything),
        "brand": make_shelf(brand, leaf, brands, leaves, everything),
        "theme": make_shelf(theme, leaf, themes, leaves, everything),
        "luxury": make_shelf(taxonomy.top[leaf], leaf, len(taxonomy.domains), leaves, dear),
    }


def whole_weights(weights: Floats) -> Ints:
    """Weights as whole numbers: their sums are exact, so draws agree on every machine."""
    return np.round(weights * 4096).astype(np.int64)


def steps_of(shelf: Shelf, weights: Ints) -> Ints:
    """Running sums along the shelf, one longer than it."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(weights[shelf.order])])


def draw(shelf: Shelf, steps: Ints, low: Ints, high: Ints, turn: Floats) -> Ints:
    """An item from each slice by weight, -1 where nothing there has any."""
    start, room = steps[low], steps[high] - steps[low]
    target = start + (turn * room).astype(np.int64)
    place = np.searchsorted(steps, target, side="right") - 1
    place = np.clip(place, 0, max(len(shelf.order) - 1, 0))
    if not len(shelf.order):
        return np.full(len(turn), -1)
    return np.where(room > 0, shelf.order[place], -1)
