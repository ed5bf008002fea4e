"""The plan: which steps are stale, why, and how long they may take."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import orjson

from weft.marks import difference
from weft.steps import Step, in_order


@dataclass(frozen=True)
class Past:
    """An artifact that a step made earlier."""

    artifact: int
    step: str
    fingerprint: str
    section: Mapping[str, Any]
    inputs: Mapping[str, str]
    marks: Mapping[str, int]
    seconds: float


@dataclass(frozen=True)
class Planned:
    """A step, what it would be made of, and the artifact that is that already, if one is."""

    step: Step
    fingerprint: str
    inputs: Mapping[str, str]
    marks: Mapping[str, int]
    artifact: int | None
    why: tuple[str, ...]
    seconds: float | None

    @property
    def stale(self) -> bool:
        """Tell whether the step has to run."""
        return self.artifact is None


@dataclass(frozen=True)
class Plan:
    """All steps, each after what it needs."""

    steps: tuple[Planned, ...]

    @property
    def stale(self) -> tuple[Planned, ...]:
        """Give the steps that have to run."""
        return tuple(p for p in self.steps if p.stale)

    def named(self, name: str) -> Planned:
        """Give the planned step of a name."""
        return next(p for p in self.steps if p.step.name == name)


def make_plan(
    steps: Iterable[Step],
    marks: Mapping[str, int],
    past: Sequence[Past],
    asked: Collection[str] = (),
) -> Plan:
    """Compare what the spec and the data ask for with what was made before (newest first).

    Steps that are `asked` for run again although nothing they are made of is another.
    """
    planned: dict[str, Planned] = {}
    for step in in_order(steps):
        made = [p for p in past if p.step == step.name]
        planned[step.name] = _plan(step, marks, planned, made, step.name in asked)
    return Plan(tuple(planned.values()))


def fingerprint(step: Step, inputs: Mapping[str, str], marks: Mapping[str, int]) -> str:
    """Hash everything that decides what a step makes."""
    whole = [step.name, step.code, step.section, inputs, marks]
    return hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()


def spec_hash(spec: Mapping[str, Any]) -> str:
    """Hash a filled-in spec."""
    return hashlib.sha256(orjson.dumps(spec, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _plan(
    step: Step,
    marks: Mapping[str, int],
    before: Mapping[str, Planned],
    past: list[Past],
    asked: bool,
) -> Planned:
    inputs = {name: before[name].fingerprint for name in step.needs}
    own = {subject: marks[subject] for subject in step.reads}
    if step.every:
        own["period"] = marks["moment"] // max(1, round(step.every.total_seconds()))
    wanted = fingerprint(step, inputs, own)
    made = None if asked else next((p for p in past if p.fingerprint == wanted), None)
    why = () if made else _why(step, inputs, own, past[0] if past else None)
    why = ("asked for",) if asked else why
    seconds = median(p.seconds for p in past[:3]) if past else None
    return Planned(step, wanted, inputs, own, made.artifact if made else None, why, seconds)


def _why(
    step: Step, inputs: Mapping[str, str], marks: Mapping[str, int], last: Past | None
) -> tuple[str, ...]:
    if last is None:
        return ("never built",)
    reasons = [
        f"section changed: {line}" for line in changes(last.section, step.section, step.name)
    ]
    reasons += difference(last.marks, marks)
    reasons += [f"{name} is rebuilt" for name in inputs if inputs[name] != last.inputs.get(name)]
    return tuple(reasons) or ("the code of this step changed",)


def changes(before: Any, after: Any, path: str) -> list[str]:
    """List what differs between two sections, such as `spaces.walks.p 1 → 0.5`."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = sorted({*before, *after})
        return [line for k in keys for line in changes(before.get(k), after.get(k), f"{path}.{k}")]
    return [] if before == after else [f"{path} {_shown(before)} → {_shown(after)}"]


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) else orjson.dumps(value).decode()
