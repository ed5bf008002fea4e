"""Who comes when, wanting what: a day's sessions and the requests in them."""

from dataclasses import dataclass, fields

import numpy as np

from world.draws import Floats, Ints, pick, pick_rows, within_runs
from world.items import Items
from world.people import INTERESTS, People

SCENES = ("home", "search", "category", "luxury", "brands")
HOME, SEARCH, CATEGORY, LUXURY, BRANDS = range(len(SCENES))
OPENING = np.array([0.62, 0.2, 0.1, 0.04, 0.04])
ONWARD = np.array([0.30, 0.32, 0.2, 0.08, 0.10])
SIZES = np.array([[12, 20], [10, 20], [10, 20], [8, 12], [8, 16]])
HOURS = np.array(
    [9, 5, 3, 2, 2, 3, 6, 12, 18, 22, 25, 27, 32, 28, 25, 24, 25, 27, 30, 38, 46, 50, 40, 22], float
)
REQUESTS_PER_SESSION = 2.4
EXPLORING = 0.22
BY_CATEGORY, BY_BRAND, BY_THEMED_CATEGORY, BY_BRANDED_CATEGORY, BY_THEME = range(5)
WISH_SHARES = np.array([0.40, 0.15, 0.20, 0.15, 0.10])
RANDOMISED = 0.05


@dataclass(frozen=True)
class Visits:
    """Requests in order of time, as columns; tags are ordinals, -1 for none."""

    time: Ints
    user: Ints
    scene: Ints
    size: Ints
    focus: Ints  # the interest slot in mind, -1 when exploring
    category: Ints
    theme: Ints
    brand: Ints
    wish: Ints  # what a search names (BY_…), -1 otherwise
    randomised: Ints

    def __len__(self) -> int:
        return len(self.time)

    def part(self, which: Ints | slice) -> "Visits":
        """Some of the requests."""
        return Visits(*(getattr(self, field.name)[which] for field in fields(self)))


def day_visits(
    rng: np.random.Generator,
    people: People,
    items: Items,
    weight: Floats,
    day: tuple[int, int],
    requests: float,
) -> Visits:
    """About so many requests between the day's first second and its end."""
    here = np.where(people.joined < day[1], people.activity, 0.0)
    sessions = int(rng.poisson(requests / REQUESTS_PER_SESSION))
    user = pick(rng, here, sessions)
    begin = day[0] + moments(rng, day, sessions)
    focus = pick_rows(rng, weight, user)
    focus = np.where(rng.random(sessions) < EXPLORING, -1, focus)
    length = 1 + rng.poisson(REQUESTS_PER_SESSION - 1, sessions)
    muse = muses(rng, items, begin)
    owner = np.repeat(np.arange(sessions), length)
    step = within_runs(length)
    gap = 15 + rng.exponential(90, len(owner))
    time = begin[owner] + (step * gap).astype(np.int64)
    inside = (time < day[1]) & (time >= people.joined[user[owner]])
    order = np.flatnonzero(inside)
    order = order[np.argsort(time[order], kind="stable")]
    owner, step, time = owner[order], step[order], time[order]
    return requests_of(rng, people, items, time, user[owner], focus[owner], muse[owner], step == 0)


def moments(rng: np.random.Generator, day: tuple[int, int], count: int) -> Ints:
    """Seconds into the day, as busy as the hours are."""
    length = day[1] - day[0]
    open_hours = np.clip(length / 3600 - np.arange(24), 0, 1)
    hour = pick(rng, HOURS * open_hours, count)
    second = (hour * 3600 + rng.random(count) * 3600).astype(np.int64)
    return np.minimum(second, length - 1)


def muses(rng: np.random.Generator, items: Items, time: Ints) -> Ints:
    """An item already published, whose tags an exploring session follows."""
    known = np.maximum(np.searchsorted(items.published, time, side="right"), 1)
    return (rng.random(len(time)) * known).astype(np.int64)


def requests_of(
    rng: np.random.Generator,
    people: People,
    items: Items,
    time: Ints,
    user: Ints,
    focus: Ints,
    muse: Ints,
    opening: Ints,
) -> Visits:
    """Scene, size and target of each request."""
    count = len(time)
    scene = np.where(opening, pick(rng, OPENING, count), pick(rng, ONWARD, count))
    low, high = SIZES[scene].T
    slot = np.clip(focus, 0, INTERESTS - 1)
    wish = np.where(scene == SEARCH, pick(rng, WISH_SHARES, count), -1)

    def target(facet: str) -> Ints:
        mine: Ints = getattr(people, facet)[user, slot]
        return np.where(focus < 0, items.tags[facet][muse], mine)

    return Visits(
        time,
        user,
        scene,
        rng.integers(low, high + 1),
        focus,
        target("category"),
        target("theme"),
        target("brand"),
        wish,
        (rng.random(count) < RANDOMISED).astype(np.int64),
    )
