"""A rule: what features are worth is declared; only how likely that makes it is learned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from graph.graph import Floats
from ranking.rankers.lesson import Lesson, Scorer
from ranking.rankers.spec import Ranker
from ranking.training.calibrating import Calibration, calibrate
from ranking.training.packing import pack, unpack
from weft.errors import BuildError
from weft.spec import unknown

if TYPE_CHECKING:
    from ranking.examples import Columns, Inputs, Layout, Moments, Side

FILE = "rule"


class Rule(Ranker):
    """A sum of features, each by its declared weight."""

    type: Literal["rule"]
    weights: dict[str, float] = Field(
        min_length=1,
        description="of features with one value; a number counts by itself, a bucket or another "
        "code by its number",
    )

    def fit(self, lesson: Lesson) -> Scorer:
        """Learn how likely it is, for each task."""
        sums = summed(self.weights, lesson.layout, lesson.learn.inputs)
        middle, spread = float(sums.mean()), float(sums.std()) or 1.0
        odds = np.repeat(scaled(sums, middle, spread), len(lesson.layout.tasks), 1)
        found = calibrate(odds, lesson.learn.labels, lesson.learn.weights)
        return Ruled(self.weights, lesson.layout, found, middle, spread)

    def load(self, layout: "Layout", files: Mapping[str, bytes]) -> Scorer:
        """Give the rule with what was learned."""
        _, words = unpack(files[FILE])
        found = Calibration(tuple(words["slopes"]), tuple(words["offsets"]))
        return Ruled(self.weights, layout, found, words["middle"], words["spread"])


@dataclass(frozen=True)
class Ruled:
    """A rule that knows how likely its sums make it."""

    weights: Mapping[str, float]
    layout: "Layout"
    calibration: Calibration
    middle: float
    spread: float

    def score(self, inputs: "Inputs") -> Floats:
        """Give the chance of each task for each pair. # (rows, tasks)"""
        sums = summed(self.weights, self.layout, inputs)
        return self.calibration.chances(scaled(sums, self.middle, self.spread))

    def save(self) -> dict[str, bytes]:
        """Give the calibration."""
        found = {"slopes": self.calibration.slopes, "offsets": self.calibration.offsets}
        return {FILE: pack({}, {**found, "middle": self.middle, "spread": self.spread})}


def summed(weights: Mapping[str, float], layout: "Layout", inputs: "Inputs") -> "Moments":
    """Give the weighted sum of each pair's features. # (rows,)"""
    rows = np.arange(len(inputs))
    sides = (
        (layout.asks, inputs.asks, inputs.ask),
        (layout.items, inputs.items, inputs.item),
        (layout.pairs, inputs.pairs, rows),
    )
    values = {n: v[which] for side, columns, which in sides for n, v in _values(side, columns)}
    for name in weights:
        if name not in values:
            raise BuildError(f"rule.weights: {unknown('feature with one value', name, values)}")
    return np.asarray(sum(w * values[name] for name, w in weights.items()), np.float64)


def _values(side: "Side", columns: "Columns") -> "list[tuple[str, Moments]]":
    """Give each feature that has one value."""
    ones = {field.name: columns.ones[:, n] for n, field in enumerate(side.ones)}
    found = {**ones, **{name: columns.numbers[:, n] for n, name in enumerate(side.numbers)}}
    return [(name, values.astype(np.float64)) for name, values in found.items()]


def scaled(sums: "Moments", middle: float, spread: float) -> Floats:
    """Bring sums to log-odds of a common size. # (rows, 1)"""
    return ((sums - middle) / spread).astype(np.float32)[:, None]
