"""Whom to ask, in which scene, and what they wanted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ranking.rehearsal import Asked
from recall.evaluation.exam import Flags
from recall.evaluation.reading import Later


@dataclass(frozen=True)
class Options:
    """How to measure."""

    tops: tuple[int, ...] = (20, 200)
    persons: int = 2_000
    scene: str | None = None
    seed: int = 7


@dataclass(frozen=True)
class Chosen:
    """Questions with what was wanted, and how much was wanted that nobody could be offered."""

    wanted: Mapping[Asked, frozenset[int]]
    unoffered: int


def choose(
    later: Sequence[Later], offered: Mapping[str, Flags], scenes: Sequence[str], options: Options
) -> Chosen:
    """Draw persons who did something later with what was on offer before."""
    wanted: dict[Asked, set[int]] = {}
    busiest, unoffered = busiest_of(later, scenes), 0
    for one in later:
        scene = one.scene if one.scene is not None and one.scene in scenes else busiest
        if options.scene not in (None, scene):
            continue
        flags = offered[scene]
        if one.item < len(flags) and flags[one.item]:
            wanted.setdefault(Asked(one.person, scene), set()).add(one.item)
        else:
            unoffered += 1
    some = drawn(sorted({asked.person for asked in wanted}), options)
    kept = {asked: frozenset(items) for asked, items in wanted.items() if asked.person in some}
    return Chosen(kept, unoffered)


def busiest_of(later: Sequence[Later], scenes: Sequence[str]) -> str:
    """Name the scene that most was done in: there counts what names none that is declared."""
    counts = Counter(one.scene for one in later)
    return max(sorted(scenes), key=lambda scene: counts[scene])


def drawn(persons: Sequence[int], options: Options) -> frozenset[int]:
    """Draw some persons, all where there are not more."""
    if len(persons) <= options.persons:
        return frozenset(persons)
    chance = np.random.default_rng(options.seed)
    return frozenset(chance.choice(persons, options.persons, replace=False).tolist())
