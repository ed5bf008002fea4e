"""Holding new artifacts against the monitors."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from weft import queries
from weft.monitors.kinds import AnyMonitor


@dataclass(frozen=True)
class Complaint:
    """A monitor that is not content, and whether that blocks the release."""

    monitor: str
    block: bool
    text: str


def complaints(
    connection: Connection, monitors: Mapping[str, AnyMonitor], artifacts: Mapping[str, int]
) -> list[Complaint]:
    """Ask every monitor about every artifact that has its metric."""
    rows = connection.execute(queries.METRICS, {"artifacts": list(artifacts.values())}).all()
    found: list[Complaint] = []
    for name, monitor in monitors.items():
        for row in rows:
            if row.name == monitor.metric:
                past = _past(connection, row.step, row.name, artifacts[row.step])
                trouble = monitor.complaint(row.value, past)
                if trouble:
                    text = f"{name}: {row.step}: {row.name} {trouble}"
                    found.append(Complaint(name, monitor.block, text))
    return found


def _past(connection: Connection, step: str, name: str, artifact: int) -> list[float]:
    values = {"step": step, "name": name, "artifact": artifact}
    return [float(v) for v in connection.execute(queries.PAST_METRIC, values).scalars()]
