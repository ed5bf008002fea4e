"""What an option may be tried as."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution


class Draw(Protocol):
    """Values that are tried; the one that is declared is always among them."""

    def around(self, declared: Any) -> "BaseDistribution":
        """Give what is drawn from, for storage."""

    def stored(self, value: Any) -> Any:
        """Give a value as it is stored."""

    def read(self, stored: Any) -> Any:
        """Give a value as a spec has it."""


@dataclass(frozen=True)
class Choice:
    """One of some values, which may be lists."""

    values: Sequence[Any]

    def around(self, declared: Any) -> "BaseDistribution":
        """Give the values, and the declared one."""
        from optuna.distributions import CategoricalDistribution  # noqa: PLC0415 - takes seconds

        return CategoricalDistribution(
            list(dict.fromkeys(map(self.stored, [*self.values, declared])))
        )

    def stored(self, value: Any) -> str:
        """Write a value as JSON: storage knows no lists."""
        return json.dumps(value)

    def read(self, stored: str) -> Any:
        """Read what was written."""
        return json.loads(stored)


@dataclass(frozen=True)
class Span:
    """A number between two, drawn by its size or by its logarithm."""

    low: float
    high: float
    log: bool = False

    def around(self, declared: Any) -> "BaseDistribution":
        """Give the span, widened to the declared value."""
        from optuna.distributions import FloatDistribution  # noqa: PLC0415 - takes seconds

        return FloatDistribution(min(self.low, declared), max(self.high, declared), log=self.log)

    def stored(self, value: Any) -> float:
        """Give the number."""
        return float(value)

    def read(self, stored: float) -> float:
        """Give the number."""
        return stored


@dataclass(frozen=True)
class Near:
    """A number up to so many times smaller or larger than the declared one."""

    times: float

    def around(self, declared: Any) -> "BaseDistribution":
        """Give the span around the declared value."""
        return Span(declared / self.times, declared * self.times, log=True).around(declared)

    def stored(self, value: Any) -> float:
        """Give the number."""
        return float(value)

    def read(self, stored: float) -> float:
        """Give the number."""
        return stored
