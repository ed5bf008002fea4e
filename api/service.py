"""What lives as long as a process serves: pools, keys, the live release, and an ear for notices."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy.exc
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from api import keys, metrics, queries, traces
from api.graphql.context import Context
from api.graphql.loaders import make_loaders
from api.graphql.schema import build_schema
from api.keys import Key, KeyRing
from api.serving import Serving, Stages
from api.spec import Spec
from weft.database import connect, connect_async
from weft.logs import log
from weft.notices import Notice, listen

KEPT = 3  # releases that pages begun on them may go on with
PATIENCE = 2.0
HOUR = 3600.0


@dataclass(frozen=True)
class Started:
    """How a process was told to serve."""

    url: str
    spec: Spec
    stages: Stages
    demo: bool = False


class Service:
    """One process's state; it is swapped whole, never changed in parts."""

    def __init__(self, started: Started) -> None:
        self.started = started
        self.database = connect_async(started.url)
        self.reading = self.database.execution_options(isolation_level="AUTOCOMMIT")
        self.pool = connect(started.url, pool_size=2)
        self.keys = KeyRing(self.reading)
        self.serving = Serving(started.spec, build_schema(started.spec.catalog))
        self._kept: dict[int, Serving] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve for the length of the block."""
        async with _together(self._listen(), self._make_room()):
            yield
        await self.database.dispose()
        self.pool.dispose()

    async def refresh(self) -> None:
        """Read the live release and, if it is another one, serve it from now on."""
        async with self.database.connect() as connection:
            live = await connection.run_sync(self.started.stages.read_live)
        now = self.serving.live
        if live is None or (now is not None and now.release == live.release):
            return
        spec = Spec.model_validate(live.spec)
        finders = self.started.stages.find_with(spec, live)
        self._serve(Serving(spec, self._schema(spec), live, finders), live.release)

    def context(self, key: Key) -> Context:
        """Give what the resolvers of one request need."""
        serving = self.serving
        return Context(
            key=key,
            serving=serving,
            past=self._kept.get,
            stages=self.started.stages,
            reading=self.reading,
            database=self.database,
            pool=self.pool,
            loaders=make_loaders(self.reading, serving.spec.catalog),
        )

    async def reasons_against(self) -> list[str]:
        """Say why this process should get no requests now; nothing if it should."""
        reasons = [] if await _answers(self.reading) else ["the database does not answer"]
        if self.serving.live is None:
            reasons.append("nothing is released yet; run `weft apply`")
        return reasons

    def _schema(self, spec: Spec) -> Any:
        same = spec.catalog == self.serving.spec.catalog
        return self.serving.schema if same else build_schema(spec.catalog)

    def _serve(self, serving: Serving, release: int) -> None:
        kept = [*self._kept.items(), (release, serving)][-KEPT:]
        self._kept, self.serving = dict(kept), serving
        metrics.RELEASE.set(release)
        log("serving").info("serving a release", release=release)

    async def _listen(self) -> None:
        async for notice in listen(self.started.url):
            if notice.subject in (keys.NOTICE, "again"):
                self.keys.forget()
            if notice.subject in ("release", "again"):
                await self._try(self.refresh())

    async def _make_room(self) -> None:
        while True:
            await self._try(_make_room(self.database))
            await asyncio.sleep(HOUR)

    async def _try(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what will be done again later; a failure is told and outlived."""
        try:
            await work
        except Exception as error:
            log("serving").error("this did not work", exc_info=error)
