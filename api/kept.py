"""The last good page of each scene, kept in memory for when the database is gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping
from strawberry.dataloader import DataLoader

from api.graphql.context import Databases
from api.graphql.loaders import Loaders, make_loaders
from api.releases import Released
from graph.holding import holds
from graph.where import Where
from ranking.asking import Request
from ranking.page import Page
from ranking.pages import recommend
from ranking.stages import Placed
from weft.errors import WeftError
from weft.logs import log

EVERY = 60.0
SCENES = 100
ITEMS = 100


@dataclass(frozen=True)
class Kept:
    """One scene's page for anybody, with everything that is usually asked of its items."""

    placed: tuple[Placed, ...]
    rows: Mapping[int, RowMapping]
    tags: Mapping[int, Any]  # rows of the tags of each item
    named: Mapping[str, Any]  # row of each tag, by key
    labels: Mapping[int, Any]  # rows of the labels of each tag

    def prime(self, loaders: Loaders) -> None:
        """Let loaders answer from here."""
        _prime(loaders.items, self.rows)
        _prime(loaders.item_tags, self.tags)
        _prime(loaders.tags, self.named)
        _prime(loaders.labels, self.labels)

    def page(self, first: int, where: Where, exclude: tuple[str, ...], ends: str | None) -> Page:
        """Give what is known to pass."""
        now = datetime.now(UTC)
        good = [p for p in self.placed if self._passes(p, where, exclude, ends, now)]
        return Page(tuple(good[:first]), False)

    def _passes(
        self,
        placed: Placed,
        where: Where,
        exclude: tuple[str, ...],
        ends: str | None,
        now: datetime,
    ) -> bool:
        row = self.rows[placed.item]
        end = row[ends] if ends else None
        if row["key"] in exclude or (end is not None and end <= now):
            return False
        return holds(where, dict(row)) is True


@dataclass
class Pages:
    """The pages that a process keeps."""

    kept: Mapping[str, Kept] = field(default_factory=dict)

    async def renew(self, databases: Databases, released: Released) -> None:
        """Make the pages of a release's scenes anew; where one cannot be made, the last stays."""
        found = {}
        for scene in list(released.scenes.scenes)[:SCENES]:
            try:
                found[scene] = await keep(databases, released, scene)
            except WeftError as error:
                log("pages").warning("a page is not kept", scene=scene, reason=str(error))
                if scene in self.kept:
                    found[scene] = self.kept[scene]
        self.kept = found


async def keep(databases: Databases, released: Released, scene: str) -> Kept:
    """Make a scene's page for nobody in particular, and read what may be asked of it."""
    request = Request(scene, None, ITEMS, datetime.now(UTC))
    page = await recommend(databases.recalling, released.scenes, request)
    loaders = make_loaders(databases.reading, released.spec.catalog)
    ids = [placed.item for placed in page.items]
    rows = dict(zip(ids, await loaders.items.load_many(ids), strict=True))
    there = {item: row for item, row in rows.items() if row is not None}
    tags = dict(zip(there, await loaders.item_tags.load_many(list(there)), strict=True))
    wanted = _tag_keys(released, there)
    named = dict(zip(wanted, await loaders.tags.load_many(wanted), strict=True))
    every = {row["id"] for rows in tags.values() for row in rows}
    every |= {row["id"] for row in named.values() if row is not None}
    numbers = sorted(every)
    labels = dict(zip(numbers, await loaders.labels.load_many(numbers), strict=True))
    placed = tuple(p for p in page.items if p.item in there)
    return Kept(placed, there, tags, named, labels)


def _tag_keys(released: Released, rows: Mapping[int, RowMapping]) -> list[str]:
    """Give the keys of all tags that items have as attributes."""
    names = [name for name, a in released.spec.catalog.item.items() if a.type == "tag"]
    values = [row[name] for row in rows.values() for name in names]
    listed = [v if isinstance(v, list) else [v] for v in values if v is not None]
    return sorted({key for keys in listed for key in keys})


def _prime(loader: DataLoader[Any, Any], found: Mapping[Any, Any]) -> None:
    loader.prime_many(found)
