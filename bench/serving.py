"""`weft up` as a bench runs it: a port of its own, two processes, and who they are."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

UP = "import typer; from api.commands.up import up; typer.run(up)"
PATIENCE = 120.0


@dataclass(frozen=True)
class Server:
    """Where a shop is served, and by which process."""

    place: str
    process: psutil.Process

    def workers(self) -> list[psutil.Process]:
        """Give the processes that serve."""
        children = self.process.children(recursive=True)
        return [one for one in children if "serve" in one.cmdline()]

    def cpu(self) -> float:
        """Give the seconds of CPU of those that serve, so far."""
        times = [one.cpu_times() for one in self.workers()]
        return float(sum(one.user + one.system for one in times))


@contextmanager
def serving(url: str, home: Path, workers: int = 2) -> Iterator[Server]:
    """Serve for the length of the block."""
    port = free_port()
    settings = {"WEFT_DATABASE_URL": url, "WEFT_PORT": str(port), "WEFT_WORKERS": str(workers)}
    settings |= {"WEFT_LOG_LEVEL": "error", "WEFT_HOME": str(home)}
    command = [sys.executable, "-W", "ignore", "-c", UP, "--spec", str(home / "weft.yaml")]
    process = subprocess.Popen(command, env=os.environ | settings)
    try:
        place = f"http://127.0.0.1:{port}"
        _wait(place)
        yield Server(place, psutil.Process(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(place: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _ready(place):
        if time.monotonic() > deadline:
            raise RuntimeError("the shop does not get ready")
        time.sleep(0.2)


def _ready(place: str) -> bool:
    try:
        return httpx.get(f"{place}/ready").status_code == 200
    except httpx.TransportError:
        return False
