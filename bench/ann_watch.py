"""What questions of `bench.ann` take: milliseconds, and the processor's time on both sides."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True)
class Taken:
    """What questions took, one by one."""

    times: Sequence[float]  # ms
    cpus: Sequence[float]  # ms of processor time, the client's and the server's

    @property
    def ms(self) -> float:
        """Give the median."""
        return float(np.median(self.times))

    @property
    def cpu(self) -> float:
        """Give the median."""
        return float(np.median(self.cpus))


class Watch:
    """Times questions of one connection."""

    def __init__(self, server: int) -> None:
        self.worked = Path(f"/proc/{server}/schedstat")
        self.times: list[float] = []
        self.cpus: list[float] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Time one question."""
        began, cpu = time.perf_counter(), self._cpu()
        yield
        self.times.append((time.perf_counter() - began) * 1000)
        self.cpus.append(self._cpu() - cpu)

    def taken(self) -> Taken:
        """Give all but the first."""
        return Taken(self.times[1:], self.cpus[1:])

    def _cpu(self) -> float:
        server = int(self.worked.read_text().split()[0]) / 1e6
        return time.process_time() * 1000 + server


async def pid_of(connection: AsyncConnection) -> int:
    """Tell which process of the server answers a connection."""
    return int((await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one())
