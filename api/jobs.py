"""Jobs: what is done again and again beside serving, by whichever worker comes first."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from procrastinate import App, PsycopgConnector
from sqlalchemy import Engine

from api.building import refresh
from api.spec import Spec
from api.traces import make_room
from weft.logs import log

HOURLY = "5 * * * *"
GRACE = 20.0


@dataclass(frozen=True)
class Job:
    """Work and when to do it, as cron says it."""

    name: str
    cron: str
    work: Callable[[], object]


def jobs_of(engine: Engine, spec: Spec, path: Path) -> tuple[Job, ...]:
    """Give the jobs of a shop."""
    jobs = [Job("make room for traces", HOURLY, lambda: make_room(engine))]
    if spec.refresh is not None:
        jobs.append(Job("refresh", spec.refresh, lambda: refresh(engine, path)))
    return tuple(jobs)


async def work(url: str, jobs: tuple[Job, ...]) -> None:
    """Do jobs when they are due, until a signal says to stop."""
    app = App(connector=PsycopgConnector(conninfo=url, kwargs={"options": "-c search_path=jobs"}))
    for job in jobs:
        _declare(app, job)
    async with app.open_async():
        await app.run_worker_async(
            name="weft", shutdown_graceful_timeout=GRACE, delete_jobs="successful"
        )


def _declare(app: App, job: Job) -> None:
    async def run(timestamp: int) -> None:
        log("jobs").info(job.name, due=timestamp)
        await asyncio.to_thread(job.work)

    task = app.task(name=job.name, queueing_lock=job.name, lock=job.name)(run)
    app.periodic(cron=job.cron)(task)
