"""What a ranker learns from, and what every ranker gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from numpy.typing import NDArray

from graph.graph import Floats
from ranking.examples import Examples, Inputs, Layout

if TYPE_CHECKING:
    from ranking.rankers.spec import Ranker


class Scorer(Protocol):
    """A ranker that has learned."""

    def score(self, inputs: Inputs) -> Floats:
        """Give the chance of each task for each pair, calibrated. # (rows, tasks)"""

    def save(self) -> dict[str, bytes]:
        """Give what is needed to score later, as files."""


@runtime_checkable
class Curved(Protocol):
    """A scorer that knows how its training went."""

    @property
    def curve(self) -> tuple["Progress", ...]:
        """Give each epoch of the last course."""


class Checkpoints(Protocol):
    """Where training keeps how far it came."""

    def load(self) -> bytes | None:
        """Give the last checkpoint, if there is one."""

    def save(self, content: bytes) -> None:
        """Keep a checkpoint for good, in place of the one before."""


class NoCheckpoints:
    """For training that is not resumed."""

    def load(self) -> bytes | None:
        """Give nothing."""
        return None

    def save(self, content: bytes) -> None:
        """Keep nothing."""


@dataclass(frozen=True)
class Progress:
    """How a training goes: after each epoch, what it has reached."""

    epoch: int
    loss: float  # mean over the epoch
    reached: float | None  # on what decides the end, if anything does; higher is better
    seconds: float


@dataclass(frozen=True)
class Lesson:
    """What a ranker learns from, and under which conditions."""

    layout: Layout
    learn: Examples
    check: Examples | None = None  # what decides when to stop: later than what is learned
    teacher: Scorer | None = None  # the ranker that a student learns from
    tutor: "Ranker | None" = None  # a teacher's options, where it learns together with its student
    pool: Inputs | None = None  # recalled pairs that were never shown: a teacher can judge them
    start: Mapping[str, NDArray[Any]] | None = None  # weights to begin with, by name
    seed: int = 0
    threads: int = 1
    device: str = "cpu"
    checkpoints: Checkpoints = field(default_factory=NoCheckpoints)
    progress: Callable[[float], None] = lambda share: None
    tell: Callable[[Progress], None] = lambda progress: None
