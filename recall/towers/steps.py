"""One step of learning, in numbers: what is learned, and what it is held against."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats, Numbers
from nlp.compiled import Flags
from recall.samples.kernels import Liked
from recall.samples.negatives import Negatives
from recall.samples.positives import Positives
from recall.spaces.trained import Samples
from recall.towers.journeys import Asked, Journeys
from recall.towers.spec import TowerSpace
from recall.towers.windows import Longs, Windows

LEAST = 1e-12


@dataclass(frozen=True)
class Course:
    """What is learned, and how it is drawn."""

    samples: Samples
    journeys: Journeys
    usable: Flags  # (deeds,) whether a deed is learned
    positives: Positives
    negatives: Negatives


@dataclass(frozen=True)
class Against:
    """What the positives of a step are held against: some items for all, some for each."""

    shared: Numbers  # (shared,)
    shared_off: Floats  # (shared,) taken off the score
    barred: tuple[Longs, Longs]  # positives, and places in `shared` that do not count for them
    own: Numbers  # (positives, own)
    own_off: Floats  # (positives, own) infinite for what does not count


@dataclass(frozen=True)
class Lines:
    """Positives of some windows."""

    windows: Windows
    asked: Asked
    targets: Numbers  # (positives,)
    weights: Floats  # (positives,) how much each counts
    against: Against


def lines_of(
    space: TowerSpace, course: Course, windows: Windows, draws: np.random.Generator
) -> Lines | None:
    """Lay out what is learned of some windows; nothing, if none of their deeds are."""
    deeds, real = windows.places()
    rows, places = np.nonzero(real & course.usable[deeds])
    if not len(rows):
        return None
    learned, persons = deeds[rows, places], windows.persons[rows]
    known = draws.random(len(rows)) >= space.forget
    done = course.journeys.deeds
    asked = course.journeys.asked(windows, rows, places, done.scenes[learned], known)
    targets, weights = done.items[learned], course.positives.times[learned].astype(np.float32)
    if space.against_all:
        against = all_of(len(course.positives.log_chances), targets)
    else:
        against = drawn(space, course, persons, targets, draws)
    return Lines(windows, asked, targets, weights, against)


def all_of(items: int, targets: Numbers) -> Against:
    """Hold positives against every other item."""
    shared, rows = np.arange(items, dtype=np.int32), np.arange(len(targets))
    own = np.zeros((len(targets), 0), np.int32)
    barred = rows, targets.astype(np.int64)
    return Against(shared, np.zeros(items, np.float32), barred, own, own.astype(np.float32))


def drawn(
    space: TowerSpace,
    course: Course,
    persons: Numbers,
    targets: Numbers,
    draws: np.random.Generator,
) -> Against:
    """Draw from the mixture, and take the batch's own positives if they are wanted."""
    found = course.negatives.draw(persons, targets, draws)
    count = counted(space)
    shared, off = found.shared, over_the_batch(found.shared_log_chances) + count
    rows, places = np.divmod(np.flatnonzero(found.shared_liked), max(len(shared), 1))
    if space.negatives.batch:
        others, chances = in_batch(targets, course.positives.log_chances)
        if space.negatives.corrected == "none":
            chances = np.zeros_like(chances)
        size = len(course.positives.log_chances)
        more = liked_among(course.negatives.liked, persons, others, size)
        rows, places = np.append(rows, more[0]), np.append(places, more[1] + len(shared))
        shared, off = np.append(shared, others), np.append(off, chances)
    own_off = found.own_log_chances + count
    own_off = np.where(found.own_liked, np.inf, own_off).astype(np.float32)
    order = np.argsort(rows, kind="stable")
    return Against(shared, off, (rows[order], places[order]), found.own, own_off)


def counted(space: TowerSpace) -> np.float32:
    """Give what makes a chance in one draw that in all draws: shares weigh what they are."""
    return np.float32(0 if space.negatives.corrected == "none" else np.log(space.negatives.count))


def over_the_batch(log_chances: Floats) -> Floats:
    """Give the mean chance over the positives of a batch, all of which share what was drawn."""
    mean = np.exp(log_chances.astype(np.float64)).mean(0)
    return np.asarray(np.log(np.maximum(mean, 1e-300)), np.float32)


def in_batch(targets: Numbers, log_chances: Floats) -> tuple[Numbers, Floats]:
    """Give the items of a batch once each, and the logs of their chances to be in it."""
    others = np.unique(targets)
    expected = len(targets) * np.exp(log_chances[others].astype(np.float64))
    return others, np.log(np.maximum(-np.expm1(-expected), LEAST)).astype(np.float32)


def liked_among(liked: Liked, persons: Numbers, others: Numbers, items: int) -> tuple[Longs, Longs]:
    """Find what of some items each person likes: rows, and places among the items."""
    places = np.full(items, -1, np.int64)
    places[others] = np.arange(len(others))
    counts = liked.starts[persons + 1] - liked.starts[persons]
    rows = np.repeat(np.arange(len(persons)), counts)
    begins = np.repeat(liked.starts[persons] - (np.cumsum(counts) - counts), counts)
    found = places[liked.items[np.arange(len(rows)) + begins]]
    return rows[found >= 0], found[found >= 0]


def numbered(*parts: NDArray[np.int32]) -> tuple[Numbers, list[Longs]]:
    """Name each item once; give the places of all that was asked for."""
    flat = np.concatenate([part.ravel() for part in parts])
    items, places = np.unique(flat, return_inverse=True)
    ends = np.cumsum([part.size for part in parts])[:-1]
    split = np.split(places.astype(np.int64), ends)
    return items, [some.reshape(part.shape) for some, part in zip(split, parts, strict=True)]
