"""Steps: what a build is made of. Each stage gives its own; the engine orders and runs them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from weft.errors import BuildError
from weft.spec import unknown


@dataclass(frozen=True)
class Work:
    """What a running step is given: a transaction, its inputs, and where to tell things."""

    connection: Connection
    artifact: int
    inputs: Mapping[str, int]
    moment: datetime
    say: Callable[[str], None]
    progress: Callable[[float], None]


@dataclass(frozen=True)
class Made:
    """What a step made: the tables that hold its rows, and its metrics."""

    tables: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One thing to build: the hash of its section, inputs and data says whether it is stale.

    What it comes `after` runs before it, but is no reason to run it again; a step that learns
    for long is due `every` so often instead.
    """

    name: str
    section: Mapping[str, Any]
    run: Callable[[Work], Made]
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    code: int = 1
    alone: bool = False
    after: tuple[str, ...] = ()
    every: timedelta | None = None


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Order steps so that each comes after what it needs; refuse circles and unknown names."""
    waiting = {step.name: step for step in steps}
    for step in waiting.values():
        for need in (*step.needs, *step.after):
            if need not in waiting:
                raise BuildError(f"{step.name}: {unknown('step', need, waiting)}")
    ordered: dict[str, Step] = {}
    while waiting:
        ready = [s for s in waiting.values() if all(n in ordered for n in (*s.needs, *s.after))]
        if not ready:
            raise BuildError(f"these steps need each other in a circle: {', '.join(waiting)}")
        for step in ready:
            ordered[step.name] = waiting.pop(step.name)
    return list(ordered.values())
