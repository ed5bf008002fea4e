"""A toy shop: steps that write a table each, to see the engine at work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from weft.building import Shop
from weft.monitors.kinds import AnyMonitor
from weft.plan import Plan
from weft.steps import Made, Step, Work

Hook = Callable[[Work], None]


def toy_step(
    name: str,
    value: Any = 1,
    needs: tuple[str, ...] = (),
    reads: tuple[str, ...] = (),
    hook: Hook | None = None,
    **more: Any,
) -> Step:
    """Make a step whose table holds its value."""

    def run(work: Work) -> Made:
        table = f"derived.{name.replace('.', '_')}_{work.artifact}"
        work.connection.execute(text(f"CREATE TABLE {table} AS SELECT :v AS v"), {"v": str(value)})
        if hook:
            hook(work)
        return Made((table,), {"rows": float(value) if isinstance(value, int) else 1.0})

    return Step(name, {"value": value}, run, reads=reads, needs=needs, **more)


def toy_shop(*steps: Step, monitors: Mapping[str, AnyMonitor] | None = None, keep: int = 3) -> Shop:
    """Make a shop of steps; its spec is their sections."""
    spec = {"steps": {step.name: dict(step.section) for step in steps}}
    return Shop(spec, steps, monitors or {}, keep)


@dataclass
class Seen:
    """A watcher that remembers."""

    lines: list[str] = field(default_factory=list)

    def waited(self, message: str) -> None:
        self.lines.append(f"waited {message}")

    def began(self, plan: Plan, resumed: bool) -> None:
        self.lines.append("resumed" if resumed else "began")

    def started(self, step: str) -> None:
        self.lines.append(f"started {step}")

    def moved(self, step: str, share: float) -> None:
        self.lines.append(f"moved {step} {share}")

    def said(self, step: str, message: str) -> None:
        self.lines.append(f"said {step} {message}")

    def finished(self, step: str, seconds: float) -> None:
        self.lines.append(f"finished {step}")
