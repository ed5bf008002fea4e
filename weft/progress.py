"""How far a build is, as whoever watches it from outside can see it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from weft import queries

SUBJECT = "build"


@dataclass(frozen=True)
class Line:
    """Something that a build or one of its steps said."""

    id: int
    at: datetime
    step: str | None
    message: str


@dataclass(frozen=True)
class Progress:
    """A build, its steps with those that are done, and what it said since a line."""

    build: int
    state: str
    steps: tuple[str, ...]
    done: frozenset[str]
    lines: tuple[Line, ...]

    @property
    def running(self) -> bool:
        """Tell whether it goes on."""
        return self.state == "running"

    @property
    def share(self) -> float:
        """Tell which share of the steps is done."""
        return len(self.done) / len(self.steps) if self.steps else 1.0


def read_progress(connection: Connection, build: int | None, since: int = 0) -> Progress | None:
    """Read how far a build is, or the one that runs; `since` is the last line that is known."""
    row = connection.execute(queries.BUILD, {"build": build}).one_or_none()
    if row is None:
        return None
    numbers = {"build": row.id, "since": since}
    lines = tuple(Line(*line) for line in connection.execute(queries.LINES_SINCE, numbers))
    done = frozenset(connection.execute(queries.MADE, {"build": row.id}).scalars())
    return Progress(row.id, row.state, tuple(row.artifacts), done, lines)


def detail_of(build: int, step: str = "", share: float = 0.0) -> str:
    """Write what a notice says of a build: which it is, and how far a step of it is."""
    return f"{build} {step} {share:.3f}" if step else str(build)


def read_detail(detail: str) -> tuple[int, dict[str, float]]:
    """Read what a notice says of a build."""
    build, *rest = detail.split(" ")
    return int(build), {rest[0]: float(rest[1])} if rest else {}
