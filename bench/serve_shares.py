"""Which part of a page's time goes where: the same pages in one process, without HTTP."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import psutil
from starlette.applications import Starlette

from api.app import make_app
from api.keys import create_key
from api.service import Service
from api.spec import open_spec
from bench.serve_load import QUERY
from ranking.asking import Request
from ranking.coarse.scorer import CoarseScorer
from ranking.pages import recommend
from ranking.training.trained import Trained
from weft.database import connect

PAGES, WARM = 100, 20
REST = 2.0  # seconds until the pulse of the database is felt again
Ask = Callable[[int], Awaitable[None]]


async def shares(url: str, home: Path, persons: int, http_ms: float) -> dict[str, float]:
    """Give the shares of Postgres, models, GraphQL, HTTP and all else; `http_ms` is the whole."""
    service = Service(url, open_spec(home / "weft.yaml"))
    engine = connect(url)
    with engine.begin() as connection:
        key = create_key(connection, "bench", ["reader"])
    engine.dispose()
    async with service.running():
        await asyncio.gather(*service.busy)  # all is in memory then
        await asyncio.sleep(REST)
        page = await _page(make_app(service), key, persons)
        await _spent(page, WARM)
        models: dict[str, float] = {}
        with ExitStack() as patches:
            patches.enter_context(_watch(CoarseScorer, "score_among", models))
            patches.enter_context(_watch(Trained, "score", models))
            own, database = await _spent(page, PAGES)
        plain, _ = await _spent(_plain(service, persons), PAGES)
    torch = models.get("spent", 0.0) / PAGES * 1e3
    http = max(0.0, http_ms - own)
    parts = {
        "postgres": database,
        "torch": torch,
        "graphql": max(0.0, own - plain),
        "http": http,
        "pipeline": plain - torch,
    }
    whole = sum(parts.values())
    return {"ms": whole, **{name: ms / whole for name, ms in parts.items()}}


async def _page(app: Starlette, key: str, persons: int) -> Ask:
    """Ask through GraphQL, without a socket."""
    transport = httpx.ASGITransport(app)
    client = httpx.AsyncClient(transport=transport, base_url="http://here")

    async def ask(number: int) -> None:
        body = {"query": QUERY, "variables": {"person": f"p{_person(number, persons)}"}}
        answer = await client.post(
            "/graphql", json=body, headers={"authorization": f"Bearer {key}"}
        )
        answer.raise_for_status()

    return ask


def _plain(service: Service, persons: int) -> Ask:
    """Ask without GraphQL as well."""
    released = service.serving.released
    assert released is not None

    async def ask(number: int) -> None:
        request = Request("home", _person(number, persons), 50, datetime.now(UTC))
        await recommend(service.databases.recalling, released.scenes, request)

    return ask


def _person(number: int, persons: int) -> int:
    return 1 + number * 97 % persons


async def _spent(ask: Ask, pages: int) -> tuple[float, float]:
    """Give ms of CPU a page: ours, and the database's."""
    before, began = _postgres(), time.process_time()
    for number in range(pages):
        await ask(number)
    own, database = time.process_time() - began, _postgres() - before
    return own / pages * 1e3, database / pages * 1e3


def _watch(place: type, name: str, spent: dict[str, float]) -> Any:
    """Add up the CPU of calls of a method."""
    work: Callable[..., Any] = getattr(place, name)

    def timed(*arguments: Any) -> Any:
        began = time.thread_time()
        try:
            return work(*arguments)
        finally:
            spent["spent"] = spent.get("spent", 0.0) + time.thread_time() - began

    return patch.object(place, name, timed)


def _postgres() -> float:
    """Give the CPU of all processes of the database so far."""
    total = 0.0
    for process in psutil.process_iter(["name", "cpu_times"]):
        if process.info["name"] and process.info["name"].startswith("postgres"):
            total += process.info["cpu_times"].user + process.info["cpu_times"].system
    return total
