"""What lives as long as a process serves: pools, keys, the live release, an ear for notices."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy.exc

from api import kept, keys, metrics, persisted, queries, traces
from api.dumping import Dumps
from api.ears import Ears
from api.graphql.context import Context, Databases
from api.graphql.loaders import make_loaders
from api.graphql.told import Told
from api.guards.rates import Rates
from api.kept import Pages
from api.keys import Key, KeyRing
from api.persisted import Persisted
from api.pulse import Pulse
from api.reading import Texts
from api.releases import Released
from api.serving import Serving, serve, serve_spec
from api.sockets import Sockets
from api.spec import Spec
from graph.importing.loads import PERSONS
from recall.candidates import Warmed
from recall.planning.memory import memory_behind
from weft.database import connect, connect_async, connect_reading
from weft.logs import log
from weft.notices import Notice, listen
from weft.releases import Standing, read_standing
from weft.settings import USUAL, Settings

PATIENCE = 2.0
HOUR = 3600.0


class Service:
    """One process's state; what requests read of it is swapped whole."""

    def __init__(self, url: str, spec: Spec, settings: Settings = USUAL) -> None:
        self.url, self.settings, self.demo = url, settings, False
        limit = settings.timeout
        writing, loading = connect_async(url, limit=limit), connect(url, pool_size=2, limit=limit)
        reading, recalling = connect_reading(url, limit=limit), connect_reading(url)
        self.pulse, self.pages = Pulse(url), Pages()
        self.databases = Databases(reading, recalling, writing, loading, self.pulse)
        self.keys, self.persisted = KeyRing(reading, self.pulse), Persisted(reading)
        self.rates = Rates(settings.rate / settings.workers)
        self.texts = Texts()
        self.serving = serve_spec(spec)
        self.standing, self.switching = Standing(None, None), asyncio.Lock()
        self.earlier: dict[int, Released] = {}
        self.busy: set[asyncio.Task[None]] = set()
        self.ears, self.dumps = Ears(), Dumps(self.databases.loading)
        self.sockets = Sockets()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Service"]:
        """Serve for the length of the block."""
        await self._outlive(self.refresh)
        await self._outlive(self._make_room)
        beside = (self._keep_pages, self.dumps.write_on)
        works = (self.pulse.beat, self._listen, self._keep_room, *beside)
        tasks = [asyncio.create_task(work()) for work in works]
        try:
            yield self
        finally:
            await self.sockets.close_all()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, *self.busy, return_exceptions=True)
            await self.dumps.finish()
            for pool in (self.databases.writing, self.databases.reading, self.databases.recalling):
                await pool.dispose()
            self.databases.loading.dispose()

    async def refresh(self) -> None:
        """Serve what is live, and its canary, as soon as that is warm here."""
        async with self.switching:
            async with self.databases.reading.connect() as connection:
                standing = await connection.run_sync(read_standing)
            if standing == self.standing:
                return
            serving = serve(standing, self.serving, self.earlier)
            if self.serving.released is not None:
                await self._outlive(lambda: self._warm_in_turn(serving))
            self._serve(serving)
            self.standing = standing

    async def open_texts(self) -> None:
        """Make sure that texts can be read at once."""
        await self.texts.opened(self.databases.loading, self.serving.spec)

    @property
    def release(self) -> int | None:
        """Tell which release is served."""
        return self.serving.released.number if self.serving.released else None

    @property
    def reads(self) -> bool:
        """Tell whether texts can be read at once, if they are read here at all."""
        return self.texts.known is not None or self.serving.spec.text is None

    def context(self, key: Key, serving: Serving, told: Told) -> Context:
        """Give what the resolvers of one request need."""
        loaders = make_loaders(self.databases.reading, serving.spec.catalog)
        earlier = self.earlier.get
        here = (self.databases, self.texts, loaders, told, self.ears)
        more = (self.pages.kept, self.dumps)
        return Context(key, serving.spec, serving.released, serving.trial, earlier, *here, *more)

    async def reasons_against(self) -> list[str]:
        """Say why this process should get no requests now; nothing if it should."""
        away = not self.pages.kept and not await self.database_answers()
        reasons = ["the database does not answer"] if away else []
        reasons += [] if self.serving.released else ["nothing is released yet"]
        return reasons + ([] if self.reads else ["texts cannot be read yet, but will soon"])

    def _serve(self, serving: Serving) -> None:
        first, numbers = self.serving.released is None, [r.number for r in serving.releases]
        held = {n: r for n, r in self.earlier.items() if n not in numbers}
        ready = {**held, **{r.number: r for r in reversed(serving.releases)}}
        self.earlier = dict(list(ready.items())[-serving.spec.keep.releases - 1 :])
        self.serving = serving
        metrics.RELEASE.set(numbers[0] if numbers else 0)
        log("serving").info("serving a release", release=self.release, canary=numbers[1:])
        self._begin(self._warm_first if first else self._renew_pages)
        self.sockets.close_others(serving.schema)

    async def _warm_first(self) -> None:
        """Fill memory beside requests: pages are made meanwhile, out of the database."""
        await self._warm(self.serving)
        await self._renew_pages()

    async def _warm_in_turn(self, serving: Serving) -> None:
        """Fill memory for a release that nobody is served yet; one process after another."""
        async with self.databases.writing.connect() as connection:
            await connection.execute(queries.WAIT_FOR_TURN)
            try:
                await connection.execute(queries.TAKE_TURN)
            except sqlalchemy.exc.DBAPIError:
                log("serving").warning("another process takes long to switch; not waiting for it")
            await self._warm(serving)

    async def _warm(self, serving: Serving) -> None:
        for released in serving.releases:
            finders = released.scenes.finders.values()
            async with self.databases.recalling.connect() as connection:
                for finder in finders:
                    if isinstance(finder, Warmed):
                        await finder.warm(connection)
            if released.spec.ranking.models:
                await released.scenes.models.hold(self.databases.recalling)

    async def database_answers(self) -> bool:
        """Tell whether the database answers; without it kept pages are still served."""
        if self.pulse.gone.is_set():
            return False
        try:
            async with asyncio.timeout(PATIENCE), self.databases.reading.connect() as connection:
                await connection.execute(queries.PING)
        except (sqlalchemy.exc.SQLAlchemyError, TimeoutError, OSError):
            return False
        return True

    async def _listen(self) -> None:
        async for notice in listen(self.url):
            self.ears.tell(notice)
            self._forget_persons(notice)
            if notice.subject in (keys.NOTICE, "again"):
                self.keys.forget()
                self.sockets.check_keys()
            if notice.subject in (persisted.NOTICE, "again"):
                self.persisted.forget()
            if notice.subject in ("release", "again"):
                self._begin(self.refresh)
            if notice.subject == "again":
                self._begin(self.open_texts)

    def _forget_persons(self, notice: Notice) -> None:
        """Read anew of whom something was stored; anybody, while and after nothing is heard."""
        memory = memory_behind(self.databases.recalling.pool).persons
        if notice.subject in ("again", "lost"):
            memory.listening = notice.subject == "again"
            memory.forget_all()
        elif notice.subject == PERSONS and notice.detail:
            memory.forget(map(int, notice.detail.split(",")))
        elif notice.subject == PERSONS:
            memory.forget_all()

    async def _keep_room(self) -> None:
        while True:
            await asyncio.sleep(HOUR)
            await self._outlive(self._make_room)

    async def _keep_pages(self) -> None:
        while True:
            await asyncio.sleep(kept.EVERY)
            if not self.pulse.gone.is_set():
                await self._outlive(self._renew_pages)

    async def _renew_pages(self) -> None:
        if self.serving.released is not None:
            await self.pages.renew(self.databases, self.serving.released)

    async def _make_room(self) -> None:
        await asyncio.to_thread(traces.make_room, self.databases.loading)

    def _begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something beside everything else."""
        task = asyncio.create_task(self._outlive(work))
        self.busy.add(task)
        task.add_done_callback(self.busy.discard)

    async def _outlive(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do what will be done again; a failure is told and outlived."""
        task = asyncio.create_task(work())
        self.busy.add(task)
        task.add_done_callback(self.busy.discard)
        try:
            await asyncio.shield(task)  # cancelled halfway, it would lose a connection
        except Exception as error:  # a release that cannot be read must not end the process
            log("serving").error(f"{work.__name__} did not work", exc_info=error)
