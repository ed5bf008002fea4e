"""How much a user truly likes an item: the heart of the hidden truth."""

import numpy as np

from world.draws import Floats, Ints
from world.items import LOCAL, Items
from world.people import INTERESTS, People
from world.taxonomy import Taxonomy

SAME_MIDDLE, SAME_TOP = 0.4, 0.1
PLAIN, THEME, BRAND, STYLE = 0.35, 0.30, 0.20, 0.15
ELSEWHERE = 0.15
OFF_FOCUS = 0.65


def taste(
    people: People,
    items: Items,
    taxonomy: Taxonomy,
    weight: Floats,
    user: Ints,
    item: Ints,
    focus: Ints,
) -> Floats:
    """Liking in 0–1, by the best of the user's interests; the session's focus counts most."""
    best = np.zeros(len(user))
    for slot in range(INTERESTS):
        match = likeness(people, items, taxonomy, user, item, slot)
        mood = np.where((focus < 0) | (focus == slot), 1.0, OFF_FOCUS)
        best = np.maximum(best, weight[user, slot] * mood * match)
    return best


def likeness(
    people: People, items: Items, taxonomy: Taxonomy, user: Ints, item: Ints, slot: int
) -> Floats:
    """How well an item meets one interest."""
    near = nearness(taxonomy, people.category[user, slot], items.tags["category"][item])
    theme = same(people.theme[user, slot], items.tags["theme"][item])
    brand = same(people.brand[user, slot], items.tags["brand"][item])
    style = same(people.style[user, slot], items.tags["style"][item])
    inside = PLAIN + THEME * theme + BRAND * brand + STYLE * style
    return near * inside + (1 - near) * ELSEWHERE * (theme + brand)


def nearness(taxonomy: Taxonomy, wanted: Ints, found: Ints) -> Floats:
    """1 in the same category, less in its family."""
    middle = np.where(taxonomy.middle[wanted] == taxonomy.middle[found], SAME_MIDDLE, SAME_TOP)
    top = np.where(taxonomy.top[wanted] == taxonomy.top[found], middle, 0.0)
    return np.where(wanted == found, 1.0, top)


def same(wanted: Ints, found: Ints) -> Floats:
    """Whether a facet is met; an interest without a wish is half met by anything."""
    return np.where(wanted < 0, 0.5, wanted == found)


def price_fit(people: People, items: Items, user: Ints, item: Ints) -> Floats:
    """0 for the right price, falling both ways."""
    return -np.minimum(np.abs(items.fit[item] - people.purse[user]), 2.5)


def out_of_reach(people: People, items: Items, user: Ints, item: Ints) -> Floats:
    """1 for second-hand goods and services in another city."""
    local = LOCAL[items.business[item]]
    return np.where(local & (items.city[item] != people.city[user]), 1.0, 0.0)
