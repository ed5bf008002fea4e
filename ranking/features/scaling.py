"""Numbers as codes of buckets, or on a scale of mean 0 and deviation 1."""

from dataclasses import dataclass

import numpy as np

from graph.graph import Floats
from nlp.compiled import Doubles
from ranking.examples import Codes
from ranking.features.spec import Scaled

FARTHEST = 5.0  # deviations from the mean; what lies beyond counts as that


@dataclass(frozen=True)
class Buckets:
    """Codes 1, 2, … for the buckets between edges."""

    edges: Doubles  # rising

    @property
    def size(self) -> int:
        """Count the rows of the table, missing among them."""
        return len(self.edges) + 2

    def codes(self, numbers: Doubles) -> Codes:
        """Give the codes of numbers; 0 for a missing one."""
        found = 1 + np.searchsorted(self.edges, numbers, side="right")
        return np.where(np.isnan(numbers), 0, found).astype(np.int32)


@dataclass(frozen=True)
class Normal:
    """A mean and a deviation, of numbers or of their logarithms."""

    mean: float
    deviation: float
    log: bool

    def scaled(self, numbers: Doubles) -> Floats:
        """Give numbers on the scale; a missing one is the mean."""
        x = (logarithms(numbers) if self.log else numbers) - self.mean
        x = np.clip(x / self.deviation, -FARTHEST, FARTHEST)
        return np.where(np.isnan(x), 0.0, x).astype(np.float32)


Scaling = Buckets | Normal


def scaling_of(feature: Scaled, numbers: Doubles, times: Doubles) -> Scaling:
    """Fit a scale to numbers, each of which came so many times."""
    real = ~np.isnan(numbers) & (times > 0)
    values, weights = numbers[real], times[real]
    if feature.scale == "quantile":
        return Buckets(_quantiles(values, weights, feature.buckets))
    if feature.scale == "log":
        return Buckets(_even(values, feature.buckets))
    log = feature.scale == "lognormal"
    return _normal(logarithms(values) if log else values, weights, log)


def logarithms(numbers: Doubles) -> Doubles:
    """Give log(1 + x), the other way round for what is below 0."""
    found: Doubles = np.sign(numbers) * np.log1p(np.abs(np.ascontiguousarray(numbers)))
    return found


def _quantiles(values: Doubles, weights: Doubles, buckets: int) -> Doubles:
    """Cut so that each bucket has as many samples; equal numbers stay together."""
    if not len(values):
        return np.zeros(0)
    order = np.argsort(values, kind="stable")
    sums = np.cumsum(weights[order])
    aims = sums[-1] * np.arange(1, buckets) / buckets
    edges = np.unique(values[order][np.searchsorted(sums, aims, side="right")])
    found: Doubles = edges[edges > values.min()]
    return found


def _even(values: Doubles, buckets: int) -> Doubles:
    """Cut into pieces of one width after the logarithm."""
    if not len(values):
        return np.zeros(0)
    low, high = logarithms(np.array([values.min(), values.max()]))
    cuts = np.linspace(low, high, buckets + 1)[1:-1]
    return np.unique(np.sign(cuts) * np.expm1(np.abs(cuts)))


def _normal(values: Doubles, weights: Doubles, log: bool) -> Normal:
    if not len(values):
        return Normal(0.0, 1.0, log)
    mean = float(np.average(values, weights=weights))
    spread = float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))
    return Normal(mean, spread or 1.0, log)
