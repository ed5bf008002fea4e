"""What each feature adds to a score: the score minus the score with that feature missing.

The parts of a score need not add up to it: what two features say together counts for both.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ranking.examples import Codes, Columns, Inputs, Layout, Side
from ranking.features.encoding import SIDES
from ranking.material import Material, think
from ranking.objectives import Doubles, Objective
from ranking.ready import Ready
from ranking.seen import Seen


@dataclass(frozen=True)
class Part:
    """A feature, and what it adds to each score."""

    feature: str
    side: str
    worth: Doubles  # (items,)


def parts_of(ready: Ready, seen: Seen) -> tuple[Part, ...]:
    """Leave out one feature after the other; all items are scored at once.

    Where items were worked out beforehand, only features of who asks can be left out.
    """
    whole = scored(ready, seen.objective, seen.material)
    return tuple(
        Part(name, side, whole - scored(ready, seen.objective, material))
        for name, side, material in _without(ready.encoding.layout, seen.material)
    )


def scored(ready: Ready, objective: Objective, material: Material) -> Doubles:
    """Score as the stage does."""
    return objective.scores(think(ready.scorer, material), ready.encoding.tasks)


def _without(layout: Layout, material: Material) -> Iterator[tuple[str, str, Material]]:
    sides = SIDES if isinstance(material, Inputs) else ("asks",)
    for side in sides:
        columns: Columns = getattr(material, side)
        for name, less in _less(getattr(layout, side), columns):
            change: dict[str, Any] = {side: less}
            yield name, side, replace(material, **change)


def _less(side: Side, columns: Columns) -> Iterator[tuple[str, Columns]]:
    """Give columns again and again, each time with another feature as if it were missing."""
    for place, field in enumerate(side.ones):
        yield field.name, replace(columns, ones=_blank(columns.ones, place))
    for place, name in enumerate(side.numbers):
        yield name, replace(columns, numbers=_blank(columns.numbers, place))
    for kind in ("bags", "pasts"):
        some: tuple[Codes, ...] = getattr(columns, kind)
        for place, one in enumerate(getattr(side, kind)):
            blank = (*some[:place], np.zeros_like(some[place]), *some[place + 1 :])
            change: dict[str, Any] = {kind: blank}
            yield one.name, replace(columns, **change)


def _blank(table: NDArray[Any], place: int) -> NDArray[Any]:
    """Put 0 in a column: no code, and the middle of a number's scale, as where it is missing."""
    found = table.copy()
    found[:, place] = 0
    return found
