"""Running the steps of a build: each in one transaction, side by side where it is safe."""

import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, Protocol, cast

import psycopg
from sqlalchemy import Connection, Engine

from weft import builds, queries
from weft.builds import Build
from weft.errors import StepFailed
from weft.logs import log
from weft.notices import post
from weft.plan import Plan, Planned
from weft.progress import SUBJECT, detail_of
from weft.steps import Made, Work

RawConnection = psycopg.Connection[Any]
PAUSE = 0.5  # seconds between two notices of how far a step is


class Watcher(Protocol):
    """Somebody who wants to see a build go on."""

    def waited(self, message: str) -> None:
        """Say that somebody else is building."""

    def began(self, plan: Plan, resumed: bool) -> None:
        """Say that a build begins or goes on."""

    def started(self, step: str) -> None:
        """Say that a step starts."""

    def moved(self, step: str, share: float) -> None:
        """Say how far a step is, from 0 to 1."""

    def said(self, step: str, message: str) -> None:
        """Pass on what a step says."""

    def finished(self, step: str, seconds: float) -> None:
        """Say that a step is done."""


class Quiet:
    """A watcher for builds that nobody watches; the log has what matters."""

    def waited(self, message: str) -> None:
        """Say nothing."""

    def began(self, plan: Plan, resumed: bool) -> None:
        """Say nothing."""

    def started(self, step: str) -> None:
        """Say nothing."""

    def moved(self, step: str, share: float) -> None:
        """Say nothing."""

    def said(self, step: str, message: str) -> None:
        """Log it."""
        log("build").info(message, step=step)

    def finished(self, step: str, seconds: float) -> None:
        """Say nothing."""


class Run:
    """A build that is running: its connections can be cancelled when it has to stop."""

    def __init__(self, engine: Engine, build: Build, plan: Plan, watcher: Watcher) -> None:
        self.engine, self.build, self.plan, self.watcher = engine, build, plan, watcher
        self.busy: dict[str, RawConnection] = {}
        self.told: dict[str, float] = {}
        self.guard = threading.Lock()

    def artifact(self, name: str) -> int:
        """Give the number of a step's artifact, made or promised."""
        made = self.plan.named(name).artifact
        return self.build.artifacts[name] if made is None else made

    def say(self, step: str, message: str) -> None:
        """Tell the watcher and the log of the build, whatever becomes of the step."""
        self.watcher.said(step, message)
        with self.engine.begin() as connection:
            values = {"build": self.build.id, "step": step, "message": message}
            connection.execute(queries.ADD_LINE, values)
            post(connection, SUBJECT, detail_of(self.build.id))

    def moved(self, step: str, share: float) -> None:
        """Tell the watcher how far a step is; tell all others now and then."""
        self.watcher.moved(step, share)
        now = time.monotonic()
        if now - self.told.get(step, 0.0) >= PAUSE:
            self.told[step] = now
            with self.engine.begin() as connection:
                post(connection, SUBJECT, detail_of(self.build.id, step, share))

    def cancel(self) -> None:
        """Stop the queries of every running step."""
        with self.guard:
            for connection in self.busy.values():
                connection.cancel_safe()


def run_all(engine: Engine, build: Build, plan: Plan, watcher: Watcher) -> None:
    """Run every stale step after what it needs; close the build, however it ends."""
    run = Run(engine, build, plan, watcher)
    try:
        _schedule(run)
    except KeyboardInterrupt:
        run.cancel()
        _end(run, "stopped", "interrupted")
        raise
    except StepFailed as error:
        _end(run, "failed", str(error))
        raise
    _end(run, "done", None)


def _end(run: Run, state: str, error: str | None) -> None:
    with run.engine.begin() as connection:
        builds.end(connection, run.build.id, state, error)
        post(connection, SUBJECT, detail_of(run.build.id))


def _schedule(run: Run) -> None:
    waiting = {p.step.name: p for p in run.plan.stale}
    running: dict[Future[None], Planned] = {}
    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
        try:
            while waiting or running:
                for planned in _ready(waiting, running):
                    running[pool.submit(_run, run, planned)] = waiting.pop(planned.step.name)
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    running.pop(future)
                    future.result()
        except BaseException:
            run.cancel()
            raise


def _ready(
    waiting: Mapping[str, Planned], running: Mapping[Future[None], Planned]
) -> list[Planned]:
    """Pick the steps that may start now; one that must be alone starts when nothing else runs."""
    if any(p.step.alone for p in running.values()):
        return []
    open_names = {*waiting, *(p.step.name for p in running.values())}
    ready = [p for p in waiting.values() if not open_names & {*p.step.needs, *p.step.after}]
    shared = [p for p in ready if not p.step.alone]
    return shared or ([] if running else ready[:1])


def _run(run: Run, planned: Planned) -> None:
    name = planned.step.name
    began = time.perf_counter()
    run.watcher.started(name)
    try:
        with run.engine.begin() as connection:
            made = planned.step.run(_work(run, connection, planned))
            _record(run, connection, planned, made, time.perf_counter() - began)
    except Exception as error:
        run.say(name, f"failed: {error}")
        raise StepFailed(f"{name}: {_first_line(error)}") from error
    finally:
        with run.guard:
            run.busy.pop(name, None)
    run.watcher.finished(name, time.perf_counter() - began)


def _work(run: Run, connection: Connection, planned: Planned) -> Work:
    name = planned.step.name
    with run.guard:
        run.busy[name] = cast(RawConnection, connection.connection.driver_connection)
    return Work(
        connection=connection,
        artifact=run.artifact(name),
        inputs={name: run.artifact(name) for name in (*planned.step.needs, *planned.step.after)},
        moment=run.build.moment,
        say=lambda message: run.say(name, message),
        progress=lambda share: run.moved(name, share),
    )


def _record(run: Run, connection: Connection, planned: Planned, made: Made, seconds: float) -> None:
    """Write the artifact and its metrics in the transaction that made it."""
    number = run.artifact(planned.step.name)
    values = {
        "id": number,
        "step": planned.step.name,
        "fingerprint": planned.fingerprint,
        "build": run.build.id,
        "section": planned.step.section,
        "inputs": planned.inputs,
        "marks": planned.marks,
        "tables": list(made.tables),
        "seconds": seconds,
    }
    connection.execute(queries.ADD_ARTIFACT, values)
    connection.execute(queries.DROP_CHECKPOINT, {"artifact": number})
    post(connection, SUBJECT, detail_of(run.build.id))
    for name, value in made.metrics.items():
        connection.execute(queries.ADD_METRIC, {"artifact": number, "name": name, "value": value})


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
