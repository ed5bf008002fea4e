"""The metric stays within some standard deviations of its own past."""

from collections.abc import Sequence
from statistics import fmean, stdev
from typing import Literal

from pydantic import Field

from weft.monitors.spec import Monitor

ENOUGH = 5


class Sigma(Monitor):
    """The 3σ rule, once there are five earlier values."""

    type: Literal["sigma"]
    sigma: float = Field(default=3, gt=0)

    def complaint(self, value: float, past: Sequence[float]) -> str | None:
        """Say what is wrong, or nothing."""
        if len(past) < ENOUGH:
            return None
        mean, spread = fmean(past), stdev(past)
        low, high = mean - self.sigma * spread, mean + self.sigma * spread
        if low <= value <= high:
            return None
        bounds = f"{low:,.4g} … {high:,.4g}"
        return f"{value:,.4g} is outside {bounds} ({self.sigma:g}σ of the last {len(past)})"
