"""The models of a release: loaded when they are first asked for, and kept while it serves."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from ranking import queries
from ranking.examples import Longs
from ranking.features.known import Known, learn, refresh
from ranking.ready import Ready, load_ready
from ranking.sides import Side, Sided, side_of
from ranking.spec import Ranking
from weft.errors import NotFound

LOOK = timedelta(seconds=1)  # how often is looked for items that have changed
STALE = timedelta(minutes=30)  # pages that began longer ago are not of now
FRESH = timedelta(minutes=10)  # items that were worked out longer ago are worked out anew


class Models:
    """What a process holds of the models of a release."""

    def __init__(self, ranking: Ranking, artifacts: Mapping[str, int]) -> None:
        self.ranking, self.artifacts = ranking, artifacts
        self.loaded: dict[str, Ready] = {}
        self.empty: set[str] = set()
        self.sides: dict[str, Side] = {}
        self.held: Known | None = None
        self.asked = datetime.min.replace(tzinfo=UTC)  # when what is held was looked at last
        self.lock = asyncio.Lock()

    async def get(self, connection: AsyncConnection, name: str) -> Ready:
        """Give a model; only the first who asks waits for it."""
        if name in self.empty:
            raise NotFound(f"model '{name}' has learned nothing yet")
        if name not in self.loaded:
            async with self.lock:
                if name not in self.loaded:
                    self.loaded[name] = await self._load(connection, name)
        return self.loaded[name]

    async def _load(self, connection: AsyncConnection, name: str) -> Ready:
        try:
            return await connection.run_sync(load_ready, self.ranking, name, self.artifacts)
        except NotFound:
            self.empty.add(name)  # a release does not change: nobody needs to look again
            raise

    async def known(self, connection: AsyncConnection, moment: datetime) -> Known | None:
        """Give all items as they are now; a request of the past reads them for itself."""
        now = datetime.now(UTC)
        if abs(now - moment) > STALE:
            return None
        async with self.lock:
            if self.held is None:
                self.held = await connection.run_sync(learn, self.ranking.features, moment)
            elif now - self.asked > LOOK:
                features = self.ranking.features
                self.held = await connection.run_sync(refresh, features, self.held, moment)
            else:
                return self.held
            self.asked = now
        return self.held

    async def side(
        self, connection: AsyncConnection, ready: Ready, items: Longs, moment: datetime
    ) -> Side:
        """Give rows that hold these items; what is new is worked out at once."""
        assert isinstance(ready.scorer, Sided)
        side = self.sides.get(ready.name)
        if side is None or abs(moment - side.moment) > FRESH:
            everything = (await connection.execute(queries.OFFERED, {"moment": moment})).scalars()
            items = np.union1d(items, np.array(everything.all(), np.int64))
            side = await self._worked_out(connection, ready, items, moment)
        elif len(new := side.missing(items)):
            side = side.with_others(await self._worked_out(connection, ready, new, moment))
        self.sides[ready.name] = side
        return side

    async def warm(self, connection: AsyncConnection, moment: datetime) -> None:
        """Load every model before somebody asks."""
        for name in self.ranking.models:
            with suppress(NotFound):  # it has learned nothing yet; its stage says so
                await self.prepare(connection, name, moment)

    async def prepare(self, connection: AsyncConnection, name: str, moment: datetime) -> Ready:
        """Load a model and what it needs to know of items."""
        ready = await self.get(connection, name)
        await self.known(connection, moment)
        if isinstance(ready.scorer, Sided):
            await self.side(connection, ready, np.zeros(0, np.int64), moment)
        return ready

    async def _worked_out(
        self, connection: AsyncConnection, ready: Ready, items: Longs, moment: datetime
    ) -> Side:
        assert isinstance(ready.scorer, Sided)
        return await connection.run_sync(side_of, ready.encoding, ready.scorer, items, moment)


def no_models() -> Models:
    """Give what a shop without ranking holds."""
    return Models(Ranking(), {})
