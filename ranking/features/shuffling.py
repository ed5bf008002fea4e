"""What a ranker loses when a feature says nothing: importance by permutation (Breiman 2001)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ranking.examples import Codes, Columns, Examples, Inputs, Layout
from ranking.features.encoding import SIDES
from ranking.rankers.lesson import Scorer
from ranking.training.judging import judge

Draws = np.random.Generator


@dataclass(frozen=True)
class Importance:
    """By how much AUC falls without a feature: the mean and the deviation of some tries."""

    fall: float
    spread: float


def importances(
    scorer: Scorer, layout: Layout, examples: Examples, tries: int = 3, seed: int = 0
) -> Mapping[str, Importance]:
    """Shuffle one feature after the other among the subjects that have it."""
    whole = judge("auc", scorer.score(examples.inputs), examples)
    found: dict[str, list[float]] = {}
    for number in range(tries):
        draws = np.random.default_rng((seed, number))
        for name, inputs in shuffled(layout, examples.inputs, draws):
            fall = whole - judge("auc", scorer.score(inputs), examples)
            found.setdefault(name, []).append(fall)
    return {n: Importance(float(np.mean(f)), float(np.std(f))) for n, f in found.items()}


def shuffled(layout: Layout, inputs: Inputs, draws: Draws) -> Iterator[tuple[str, Inputs]]:
    """Give inputs again and again, each time with another feature shuffled."""
    for side in SIDES:
        columns: Columns = getattr(inputs, side)
        for name, mixed in _columns(getattr(layout, side), columns, draws):
            change: dict[str, Any] = {side: mixed}
            yield name, replace(inputs, **change)
    if inputs.bias.shape[1]:
        for place, field in enumerate(layout.bias):
            yield field.name, replace(inputs, bias=_column(inputs.bias, place, draws))


def _columns(side: Any, columns: Columns, draws: Draws) -> Iterator[tuple[str, Columns]]:
    for place, field in enumerate(side.ones):
        yield field.name, replace(columns, ones=_column(columns.ones, place, draws))
    for place, name in enumerate(side.numbers):
        yield name, replace(columns, numbers=_column(columns.numbers, place, draws))
    for kind in ("bags", "pasts"):
        some: tuple[Codes, ...] = getattr(columns, kind)
        for place, one in enumerate(getattr(side, kind)):
            mixed = (*some[:place], draws.permutation(some[place]), *some[place + 1 :])
            change: dict[str, Any] = {kind: mixed}
            yield one.name, replace(columns, **change)


def _column(table: NDArray[Any], place: int, draws: Draws) -> NDArray[Any]:
    found = table.copy()
    found[:, place] = draws.permutation(table[:, place])
    return found
