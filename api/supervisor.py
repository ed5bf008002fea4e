"""Keeps child processes running: restarts what dies, and stops all in order."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from weft.logs import log

LOOK = 0.1
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
GRACE = 30.0
STEADY = 60.0  # a child that lived this long begins again with the first pause


@dataclass(frozen=True)
class Program:
    """What a child runs."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    descriptors: tuple[int, ...] = ()


@dataclass
class Child:
    """A program with the process that runs it now, if one does."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float = field(default=0.0)

    def look(self) -> None:
        """Start it if it is due; if it has died, say so and plan the next start."""
        now = time.monotonic()
        if self.process is None and now >= self.again_at:
            self._start(now)
        elif self.process is not None and self.process.poll() is not None:
            self._plan(now, self.process.returncode)

    def ask_to_stop(self) -> None:
        """Let it finish what it is doing."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait(self, deadline: float) -> None:
        """Wait for its end; past the deadline, end it."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log("up").warning("did not stop in time", child=self.program.name)
            self.process.kill()
            self.process.wait()
        self._close()

    def _start(self, now: float) -> None:
        self.process = subprocess.Popen(
            self.program.command,
            stdin=subprocess.PIPE,  # its end tells the child that we are gone
            pass_fds=self.program.descriptors,
            env=dict(self.program.environment),
        )
        self.began = now
        log("up").info("started", child=self.program.name, pid=self.process.pid)

    def _plan(self, now: float, code: int) -> None:
        self._close()
        self.process = None
        if now - self.began > STEADY:
            self.pause = FIRST_PAUSE
        self.again_at = now + self.pause
        log("up").error("died", child=self.program.name, code=code, again_in=self.pause)
        self.pause = min(LONGEST_PAUSE, 2 * self.pause)

    def _close(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()


def run_all(
    groups: Sequence[Sequence[Program]],
    stop: threading.Event,
    below: Callable[[], None] = lambda: None,
) -> None:
    """Keep all programs running until told to stop, and what is below them; then stop in order."""
    children = [[Child(program) for program in group] for group in groups]
    try:
        while not stop.is_set():
            below()
            for child in (child for group in children for child in group):
                child.look()
            stop.wait(LOOK)
    finally:
        for group in children:
            _stop(group)


def stop_on_signals() -> threading.Event:
    """Give an event that SIGTERM and SIGINT set."""
    stop = threading.Event()

    def handle(number: int, _: FrameType | None) -> None:
        log("up").info("stopping", signal=signal.Signals(number).name)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
    return stop


def _stop(group: Sequence[Child]) -> None:
    deadline = time.monotonic() + GRACE
    for child in group:
        child.ask_to_stop()
    for child in group:
        child.wait(deadline)
