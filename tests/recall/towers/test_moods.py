"""What keeping interests apart is for: the small ones get vectors of their own."""

from functools import cache

import numpy as np

from graph.graph import Floats
from recall.spaces.multi_interest import MultiInterest
from recall.spaces.trained import unit
from tests.recall.spaces.worlds import KINDS_OF_DRESS, WORN, wardrobe

FIRST = 4  # items of each search that are looked at


@cache
def vectors(metric: float) -> tuple[Floats, Floats]:
    """Learn at so high a temperature that the softmax alone hardly tells interests apart."""
    space = MultiInterest(
        type="multi-interest",
        dim=12,
        temperature=1.0,
        metric=metric,
        again=True,
        epochs=12,
        batch=128,
        rate=0.02,
        length=sum(WORN),
    )
    placed = space.fit(wardrobe()[0])
    shape = placed.persons.shape
    return unit(placed.persons.reshape(-1, shape[2])).reshape(shape), unit(placed.vectors["item"])


def likeness(metric: float) -> float:
    """Give the mean cosine of two vectors of a person."""
    persons, _ = vectors(metric)
    products = np.einsum("pnd,pmd->pnm", persons, persons)
    return float(products[:, [0, 0, 1], [1, 2, 2]].mean())


def found(metric: float) -> Floats:
    """Give the share of persons whose searches find their largest, ..., smallest interest."""
    persons, items = vectors(metric)
    first = np.argsort(-(persons @ items.T), 2)[:, :, :FIRST]
    groups = first // (len(items) // KINDS_OF_DRESS)  # (persons, searches, first)
    mine = wardrobe()[1]  # (persons, interests)
    hits = groups.reshape(len(mine), -1, 1) == mine[:, None]
    return np.asarray(hits.any(1).mean(0), np.float32)


def test_without_the_metric_vectors_of_a_person_grow_alike() -> None:
    assert likeness(0.0) > likeness(0.1) + 0.1


def test_without_the_metric_small_interests_are_missed() -> None:
    without, with_it = found(0.0), found(0.1)
    assert with_it[0] > 0.9  # the largest is found either way
    assert with_it[1:].mean() > without[1:].mean() + 0.05
    assert with_it[2] > without[2] + 0.1
