"""What was tried, and what it was good for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ranking.rankers.lesson import Progress


@dataclass(frozen=True)
class Tried:
    """Options that were tried, and what they reached."""

    options: Mapping[str, Any]
    reached: float | None
    epochs: int
    ended: Literal["whole", "pruned", "failed"]


@dataclass(frozen=True)
class Stage:
    """A group of options: from where it began, what was tried, what was best."""

    name: str
    before: float
    tried: tuple[Tried, ...]
    best: Mapping[str, Any]
    reached: float

    @property
    def gain(self) -> float:
        """Tell what the stage was good for."""
        return self.reached - self.before

    def count(self, ended: str) -> int:
        """Count trials that ended so."""
        return sum(one.ended == ended for one in self.tried)


@dataclass(frozen=True)
class Tuning:
    """All stages, one from the best of the one before."""

    measure: str
    baseline: float
    stages: tuple[Stage, ...]
    section: Mapping[str, Any]  # what is best, as a spec has it
    curve: Sequence[Progress] = field(default=())  # of the best

    @property
    def reached(self) -> float:
        """Tell what the best reached."""
        return self.stages[-1].reached if self.stages else self.baseline

    @property
    def gain(self) -> float:
        """Tell what tuning was good for, on the examples that it chose by."""
        return self.reached - self.baseline

    def looks(self) -> int:
        """Count how often the examples that decide were looked at."""
        return sum(len(stage.tried) for stage in self.stages)


HEADS = ("stage", "tried", "pruned", "failed", "reached", "gain", "best")


def rows_of(tuning: Tuning) -> list[tuple[str, ...]]:
    """Give the rows of a table, `HEADS` being its heads."""
    first = ("as declared", "", "", "", f"{tuning.baseline:.5f}", "", "")
    return [first, *(_row(stage) for stage in tuning.stages)]


def _row(stage: Stage) -> tuple[str, ...]:
    best = ", ".join(f"{name}: {_said(value)}" for name, value in stage.best.items())
    counts = (len(stage.tried), stage.count("pruned"), stage.count("failed"))
    return (stage.name, *map(str, counts), f"{stage.reached:.5f}", f"{stage.gain:+.5f}", best)


def _said(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
