"""What a process holds of the models of a release: loaded once, and kept current beside requests.

Loading, and working out all items, takes seconds. It is done in a thread with a connection of its
own: no deadline of a page cuts it short, and no page waits for it but the first.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ranking.examples import Longs
from ranking.features.known import Known, learn, refresh
from ranking.ready import FEATURES, RANKER, Ready, load_ready
from ranking.sides import AT_ONCE, GENTLY, Pace, Side, Sided, side_of
from ranking.spec import Ranking
from weft.beside import beside
from weft.database import connect
from weft.errors import NotFound
from weft.logs import log
from weft.shared import Arrays, shared

LOOK = timedelta(seconds=1)  # how often is looked for items that have changed
AFTER = 0.2  # seconds; who asked has their answer by then, and needs the processor until then
FRESH = timedelta(minutes=10)  # items that were worked out longer ago are worked out anew
LATE = timedelta(minutes=1)  # a change bears the time at which its transaction began
NO_MODELS: Mapping[str, Ready] = {}
NONE: Longs = np.zeros(0, np.int64)
STALE = timedelta(minutes=30)  # pages that began longer ago are not of now


@dataclass(frozen=True)
class Held:
    """The models that have learned something, and what they need to know of all items."""

    models: Mapping[str, Ready]
    known: Known
    sides: Mapping[str, Side]
    moment: datetime

    def old(self, now: datetime) -> bool:
        """Tell whether items were worked out so long ago that they have to be anew."""
        return any(now - side.moment > FRESH for side in self.sides.values())


class Models:
    """What a process holds of the models of a release; it is swapped whole.

    What another release holds already, and is the same in this one, is taken from there.
    """

    def __init__(
        self, ranking: Ranking, artifacts: Mapping[str, int], other: "Models | None" = None
    ) -> None:
        self.ranking, self.artifacts, self.other = ranking, artifacts, other
        self.held: Held | None = None
        self.filling: asyncio.Task[Held] | None = None
        self.renewing: asyncio.Task[None] | None = None

    async def hold(self, database: AsyncEngine) -> Held:
        """Give what is held; who comes first waits for it, and all later ones find it renewed."""
        if self.held is None:
            return await asyncio.shield(self._filling(database))
        now = datetime.now(UTC)
        if now - self.held.moment > LOOK:
            self._filling(database)
        if self.renewing is None and self.held.old(now):
            url = database.url.render_as_string(hide_password=False)
            self.renewing = asyncio.create_task(self._renew(url, self.held))
        return self.held

    def _filling(self, database: AsyncEngine) -> asyncio.Task[Held]:
        if self.filling is None:
            url = database.url.render_as_string(hide_password=False)
            self.filling = asyncio.create_task(self._fill(url))
        return self.filling

    async def _fill(self, url: str) -> Held:
        """Fill, or renew what there is; where that fails, what there is stands."""
        if self.held is not None:
            await asyncio.sleep(AFTER)
        try:
            self.held = await asyncio.to_thread(self._read, url)
        except SQLAlchemyError as error:
            if self.held is None:
                raise
            log("ranking").warning("items are not looked at anew", exc_info=error)
        finally:
            self.filling = None
        return self.held

    async def _renew(self, url: str, held: Held) -> None:
        """Work all items out anew, beside what is read of those that change meanwhile."""
        try:
            renewed = await beside(lambda: renew(url, self.ranking, held))
            while self.filling is not None:
                await asyncio.wait([self.filling])
            self.held = renewed
        except SQLAlchemyError as error:
            log("ranking").warning("items are not worked out anew", exc_info=error)
        finally:
            self.renewing = None

    def _read(self, url: str) -> Held:
        release = self.ranking, self.artifacts
        if self.held is not None:
            return fill(url, *release, self.held)
        held = fill(url, *release, self._inherited(), incomplete=True)
        self.other = None
        return held

    def _inherited(self) -> Held | None:
        """Give what another release holds that is the same here; None if nothing is."""
        other = self.other
        if other is None or other.held is None or other.ranking.features != self.ranking.features:
            return None
        held = other.held
        models = {name: one for name, one in held.models.items() if self._same(other, name)}
        sides = {name: side for name, side in held.sides.items() if name in models}
        return replace(held, models=models, sides=sides)

    def _same(self, other: "Models", name: str) -> bool:
        """Tell whether a model is that of another release, of the same artifacts."""
        steps = (FEATURES, RANKER + name)
        return self.ranking.models.get(name) == other.ranking.models.get(name) and all(
            self.artifacts.get(step) == other.artifacts.get(step) for step in steps
        )


def fill(
    url: str,
    ranking: Ranking,
    artifacts: Mapping[str, int],
    before: Held | None,
    incomplete: bool = False,
) -> Held:
    """Load models once, and read what has changed of items since."""
    engine = connect(url, pool_size=1)
    try:
        if before is None:
            return _first(engine, ranking, artifacts)
        with engine.begin() as connection:
            now, models = datetime.now(UTC), before.models
            if incomplete:
                models = load_models(connection, ranking, artifacts, models)
            known, changed = refresh(connection, ranking.features, before.known, now)
            sides = worked_out(connection, models, before.sides, known, now, changed)
            return Held(models, known, sides, now)
    finally:
        engine.dispose()


def load_models(
    connection: Connection,
    ranking: Ranking,
    artifacts: Mapping[str, int],
    there: Mapping[str, Ready] = NO_MODELS,
) -> dict[str, Ready]:
    """Load the models that have learned something and are not there already."""
    found = dict(there)
    for name in ranking.models.keys() - there.keys():
        try:
            found[name] = load_ready(connection, ranking, name, artifacts)
        except NotFound as error:
            log("ranking").info("a model is passed over", model=name, reason=str(error))
    return found


def _first(engine: Engine, ranking: Ranking, artifacts: Mapping[str, int]) -> Held:
    with engine.begin() as connection:
        now = datetime.now(UTC)
        models = load_models(connection, ranking, artifacts)
        known = learn(connection, ranking.features, now)
    with _no_transaction(engine) as connection:
        return Held(models, known, worked_out(connection, models, {}, known, now), now)


def _no_transaction(engine: Engine) -> Connection:
    """Connect for work that takes long: memory of what filters let through outlives no long one."""
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def renew(url: str, ranking: Ranking, held: Held) -> Held:
    """Work all items out anew, slowly: requests need the processor more."""
    engine = connect(url, pool_size=1)
    try:
        with _no_transaction(engine) as connection:
            now = datetime.now(UTC)
            sides = {
                name: _worked_out(connection, model, model.scorer, held.known, now, GENTLY)
                for name, model in held.models.items()
                if isinstance(model.scorer, Sided)
            }
        with engine.begin() as connection:
            now = datetime.now(UTC)
            known, changed = refresh(connection, ranking.features, held.known, now)
            sides = worked_out(connection, held.models, sides, known, now, changed)
            return Held(held.models, known, sides, now)
    finally:
        engine.dispose()


def worked_out(
    connection: Connection,
    models: Mapping[str, Ready],
    sides: Mapping[str, Side],
    known: Known,
    now: datetime,
    changed: Longs = NONE,
) -> dict[str, Side]:
    """Work items out where that was never done, and what has changed since."""
    found = {}
    for name, model in models.items():
        if isinstance(model.scorer, Sided):
            side = sides.get(name)
            if side is None:
                side = _worked_out(connection, model, model.scorer, known, now)
            elif len(changed):
                more = side_of(connection, model.encoding, model.scorer, changed, now)
                side = side.with_others(more)
            found[name] = side
    return found


def _worked_out(
    connection: Connection,
    model: Ready,
    scorer: Sided,
    known: Known,
    now: datetime,
    pace: Pace = AT_ONCE,
) -> Side:
    """Work all items out, or take what another process has worked out in the same minutes.

    Whoever has nothing yet takes what is a little older, too, and waits for nobody.
    """
    slot = now.timestamp() // FRESH.total_seconds()
    before = (f"{slot - 1:.0f}",) if pace is AT_ONCE else ()

    def make() -> Arrays:
        side = side_of(connection, model.encoding, scorer, known.items.ids, now, known, pace)
        return {"ids": side.ids, "rows": side.rows, "moment": np.array([now.timestamp()])}

    found = shared(f"side-{model.artifact}", f"{slot:.0f}", make, before)
    moment = datetime.fromtimestamp(float(found["moment"][0]), UTC)
    side = Side(found["ids"], found["rows"], moment)
    new = np.union1d(side.missing(known.items.ids), known.items.since(moment - LATE))
    if not len(new):
        return side
    return side.with_others(side_of(connection, model.encoding, scorer, new, now, known))


def is_of_now(held: Held, moment: datetime) -> bool:
    """Tell whether a page that began at a moment may use what is held of items."""
    return abs(held.moment - moment) <= STALE


def no_models() -> Models:
    """Give what a shop without ranking holds."""
    return Models(Ranking(), {})
