"""Why items of a page stand where they stand: worked out when somebody asks, once for a page."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from api.releases import Released
from api.spec import Spec
from ranking.dumps.grounds import Told
from ranking.explaining.paths import ToldPath, paths_to
from ranking.explaining.whys import StageWhy, stages_why
from ranking.ready import Ready


@dataclass(frozen=True)
class Explained:
    """A page that somebody may ask about: as it was just made, or as it was kept."""

    trace: str
    release: int
    scene: str
    person: int | None
    items: tuple[int, ...]
    told: Told
    arms: Mapping[str, str] = field(default_factory=dict)  # of experiments


class Reasons:
    """The reasons of one page, each kind worked out by the first who asks for it."""

    def __init__(
        self, database: AsyncEngine, page: Explained, released: Released | None, spec: Spec
    ) -> None:
        self.database, self.page, self.released, self.spec = database, page, released, spec
        self._paths: asyncio.Task[Mapping[int, ToldPath]] | None = None
        self._stages: asyncio.Task[Mapping[int, tuple[StageWhy, ...]]] | None = None

    async def path(self, item: int) -> ToldPath | None:
        """Give the best path to an item, if there is one."""
        if self._paths is None:
            self._paths = asyncio.create_task(self._find())
        return (await self._paths).get(item)

    async def stages(self, item: int) -> tuple[StageWhy, ...]:
        """Give what each stage thought of an item."""
        if self._stages is None:
            self._stages = asyncio.create_task(self._think())
        return (await self._stages).get(item, ())

    async def _find(self) -> Mapping[int, ToldPath]:
        async with self.database.connect() as connection:
            return await connection.run_sync(paths_of, self.page, self.spec)

    async def _think(self) -> Mapping[int, tuple[StageWhy, ...]]:
        models: Mapping[str, Ready] = {}
        if self.released is not None and self.page.told.seen:
            models = (await self.released.scenes.models.hold(self.database)).models
        return await asyncio.to_thread(thoughts_of, self.page, self.released, models)


class KeptReasons:
    """The reasons of a page that is kept, read by the first who asks for them."""

    def __init__(self, database: AsyncEngine, read: Callable[[Connection], Reasons | None]) -> None:
        self.database, self.read = database, read
        self._reasons: asyncio.Task[Reasons | None] | None = None

    async def reasons(self) -> Reasons | None:
        """Give them; None where it is not kept what the page was made of."""
        if self._reasons is None:
            self._reasons = asyncio.create_task(self._load())
        return await self._reasons

    async def _load(self) -> Reasons | None:
        async with self.database.connect() as connection:
            return await connection.run_sync(self.read)


def paths_of(connection: Connection, page: Explained, spec: Spec) -> Mapping[int, ToldPath]:
    """Find the paths to all items of a page."""
    return paths_to(connection, page.person, page.told.did, page.items, plain_edges(spec))


def thoughts_of(
    page: Explained, released: Released | None, models: Mapping[str, Ready]
) -> Mapping[int, tuple[StageWhy, ...]]:
    """Give what the stages thought of all items of a page."""
    return stages_why(page.told, models, page.items)


def plain_edges(spec: Spec) -> Collection[str]:
    """Name the edges that say something by themselves: those through others are told as paths."""
    edges = {} if spec.graph is None else spec.graph.edges
    return [name for name, edge in edges.items() if edge.type != "through"]
