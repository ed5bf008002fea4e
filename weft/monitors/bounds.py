"""The metric stays between fixed bounds."""

from collections.abc import Sequence
from typing import Literal

from weft.monitors.spec import Monitor


class Bounds(Monitor):
    """Not below `low`, not above `high`."""

    type: Literal["bounds"]
    low: float | None = None
    high: float | None = None

    def complaint(self, value: float, past: Sequence[float]) -> str | None:
        """Say what is wrong, or nothing."""
        if self.low is not None and value < self.low:
            return f"{value:,.4g} is below {self.low:,.4g}"
        if self.high is not None and value > self.high:
            return f"{value:,.4g} is above {self.high:,.4g}"
        return None
