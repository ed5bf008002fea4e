"""Persons as a request describes them: what it says counts in the place of what is stored."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ranking.features.described import Described, listed
from ranking.features.hashing import tokens_of
from ranking.features.moments import NEVER, micros
from ranking.features.wanted import Wanted


def as_said(stored: Described, wanted: Wanted, person: int, said: Mapping[str, Any]) -> Described:
    """Describe the one who asks; somebody unknown has the id -1."""
    row = stored.places(np.array([person]))
    words = {name: tokens_of([_word(said[name])]) for name in wanted.words if name in said}
    numbers = {name: np.array([_number(said[name])]) for name in wanted.numbers if name in said}
    times = {name: np.array([_time(said[name])]) for name in wanted.times if name in said}
    lists = {
        name: listed([said[feature.of.partition(".")[2]]], feature.most)
        for name, feature in wanted.lists.items()
        if feature.of.partition(".")[2] in said
    }

    def with_row(some: Mapping[str, NDArray[Any]], new: Mapping[str, Any]) -> dict[str, Any]:
        parts = {name: (new.get(name, rows[row]), rows[-1:]) for name, rows in some.items()}
        return {name: np.concatenate(both) for name, both in parts.items()}

    return Described(
        np.array([person], np.int64),
        np.concatenate([stored.changed[row], stored.changed[-1:]]),
        with_row(stored.words, words),
        with_row(stored.numbers, numbers),
        with_row(stored.times, times),
        with_row(stored.lists, lists),
    )


def _word(value: Any) -> str | None:
    """Write a word as the database does."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None else str(value)


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _time(value: datetime | None) -> int:
    return NEVER if value is None else int(micros(np.array([value.timestamp()]))[0])
