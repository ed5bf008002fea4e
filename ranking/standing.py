"""What a process holds of the models of a release: loaded once, and kept current beside requests.

Loading, and working out all items, takes seconds. It is done in a thread with a connection of its
own: no deadline of a page cuts it short, and no page waits for it but the first.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ranking import queries
from ranking.examples import Longs
from ranking.features.known import Known, learn, refresh
from ranking.ready import Ready, load_ready
from ranking.sides import Side, Sided, side_of
from ranking.spec import Ranking
from weft.database import connect
from weft.errors import NotFound
from weft.logs import log

LOOK = timedelta(seconds=1)  # how often is looked for items that have changed
FRESH = timedelta(minutes=10)  # items that were worked out longer ago are worked out anew
STALE = timedelta(minutes=30)  # pages that began longer ago are not of now


@dataclass(frozen=True)
class Held:
    """The models that have learned something, and what they need to know of all items."""

    models: Mapping[str, Ready]
    known: Known
    sides: Mapping[str, Side]
    moment: datetime


class Models:
    """What a process holds of the models of a release; it is swapped whole."""

    def __init__(self, ranking: Ranking, artifacts: Mapping[str, int]) -> None:
        self.ranking, self.artifacts = ranking, artifacts
        self.held: Held | None = None
        self.filling: asyncio.Task[Held] | None = None

    async def hold(self, database: AsyncEngine) -> Held:
        """Give what is held; who comes first waits for it, and all later ones find it renewed."""
        if self.held is None:
            return await asyncio.shield(self._filling(database))
        if datetime.now(UTC) - self.held.moment > LOOK:
            self._filling(database)
        return self.held

    def _filling(self, database: AsyncEngine) -> asyncio.Task[Held]:
        if self.filling is None:
            url = database.url.render_as_string(hide_password=False)
            self.filling = asyncio.create_task(self._fill(url))
        return self.filling

    async def _fill(self, url: str) -> Held:
        """Fill, or renew what there is; where that fails, what there is stands."""
        try:
            self.held = await asyncio.to_thread(fill, url, self.ranking, self.artifacts, self.held)
        except SQLAlchemyError as error:
            if self.held is None:
                raise
            log("ranking").warning("items are not looked at anew", exc_info=error)
        finally:
            self.filling = None
        return self.held


def fill(url: str, ranking: Ranking, artifacts: Mapping[str, int], before: Held | None) -> Held:
    """Load models once, and read what has changed of items since."""
    engine = connect(url, pool_size=1)
    try:
        with engine.begin() as connection:
            now = datetime.now(UTC)
            if before is None:
                models = load_models(connection, ranking, artifacts)
                known = learn(connection, ranking.features, now)
                return Held(models, known, renewed(connection, models, {}, now), now)
            known = refresh(connection, ranking.features, before.known, now)
            sides = renewed(connection, before.models, before.sides, now)
            return Held(before.models, known, sides, now)
    finally:
        engine.dispose()


def load_models(
    connection: Connection, ranking: Ranking, artifacts: Mapping[str, int]
) -> dict[str, Ready]:
    """Load the models that have learned something."""
    found = {}
    for name in ranking.models:
        try:
            found[name] = load_ready(connection, ranking, name, artifacts)
        except NotFound as error:
            log("ranking").info("a model is passed over", model=name, reason=str(error))
    return found


def renewed(
    connection: Connection, models: Mapping[str, Ready], sides: Mapping[str, Side], now: datetime
) -> dict[str, Side]:
    """Work items out where that was long ago, and what has come since."""
    items: Longs = np.array(
        connection.execute(queries.OFFERED, {"moment": now}).scalars().all(), np.int64
    )
    found = {}
    for name, model in models.items():
        if isinstance(model.scorer, Sided):
            side = sides.get(name)
            if side is None or now - side.moment > FRESH:
                side = side_of(connection, model.encoding, model.scorer, items, now)
            elif len(new := side.missing(items)):
                more = side_of(connection, model.encoding, model.scorer, new, now)
                side = side.with_others(more)
            found[name] = side
    return found


def is_of_now(held: Held, moment: datetime) -> bool:
    """Tell whether a page that began at a moment may use what is held of items."""
    return abs(held.moment - moment) <= STALE


def no_models() -> Models:
    """Give what a shop without ranking holds."""
    return Models(Ranking(), {})
