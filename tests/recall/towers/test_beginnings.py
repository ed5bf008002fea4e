from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from graph.graph import Floats
from recall.spaces.trained import Lesson, unit
from recall.spaces.youtube import YouTube
from recall.towers.placed import Placed
from tests.recall.spaces.worlds import GROUPS, ITEMS_IN_GROUP, bazaar
from weft.errors import BuildError

DIM, ITEMS = 6, GROUPS * ITEMS_IN_GROUP


def start() -> Floats:
    return np.random.default_rng(3).standard_normal((ITEMS, DIM), np.float32)


def lesson_from(pretrained: Floats, **more: Any) -> Lesson:
    lesson = bazaar()
    assert lesson.samples is not None
    samples = replace(lesson.samples, pretrained=pretrained, traits={}, trait_words={})
    return replace(lesson, samples=samples, features={}, **more)


def section(**options: Any) -> YouTube:
    given = {"dim": DIM, "pretrained": "other", "pretrained_as": "start", "epochs": 2, "forget": 0}
    return YouTube(type="youtube", **{**given, **options})


def fitted(pretrained: Floats, **options: Any) -> Placed:
    placed = section(**options).fit(lesson_from(pretrained))
    assert isinstance(placed, Placed)
    return placed


def test_items_begin_where_another_space_has_them_however_long_its_vectors_are() -> None:
    before = start()
    there = fitted(before * 7, rate=1e-6)
    assert np.allclose(there.vectors["item"], unit(before), atol=1e-3)
    off = unit(fitted(before, rate=0.05, epochs=9).vectors["item"])
    assert (off * unit(before)).sum(1).min() < 0.99


def test_persons_begin_at_the_mean_of_their_items() -> None:
    lesson, before = bazaar(), np.random.default_rng(0).standard_normal((ITEMS, 64), np.float32)
    assert lesson.samples is not None
    placed = fitted(before, dim=64, rate=1e-6)
    deeds = lesson.samples.deeds
    means = np.add.reduceat(unit(before)[deeds.items], deeds.starts[:-1], 0)
    assert (unit(means) * placed.vectors["person"]).sum(1).min() > 0.9


def test_items_that_the_other_space_does_not_know_learn_from_nearly_nought() -> None:
    before = start()
    before[::5] = 0
    items = fitted(before, rate=0.02, epochs=4).vectors["item"]
    assert np.allclose(np.linalg.norm(items, axis=1), 1, atol=1e-3)


def test_vectors_of_another_width_cannot_be_a_start() -> None:
    with pytest.raises(BuildError, match="have 6 numbers and `dim` is 8"):
        fitted(start(), dim=8)


def test_items_are_the_longer_the_more_is_done_to_them() -> None:
    placed, samples = fitted(start(), popularity=0.5), bazaar().samples
    assert samples is not None
    counts = np.bincount(samples.deeds.items, minlength=ITEMS)
    lengths = np.linalg.norm(placed.vectors["item"], axis=1)
    assert np.allclose(lengths, (1 + counts) ** 0.5, rtol=1e-3)
    assert np.allclose(np.linalg.norm(placed.vectors["person"], axis=1), 1, atol=1e-3)


def test_with_nothing_held_out_all_epochs_are_learned() -> None:
    told: list[float] = []
    section(held_out=0, patience=1, epochs=7).fit(lesson_from(start(), progress=told.append))
    assert len(told) == 7
