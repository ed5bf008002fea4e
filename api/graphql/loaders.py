"""Loaders: what many fields of one request want is read once."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import RowMapping, Select
from sqlalchemy.ext.asyncio import AsyncEngine
from strawberry.dataloader import DataLoader

from api.graphql.plain import LATER
from graph import queries
from graph.catalog import Catalog

K = TypeVar("K", bound=Hashable)
Row = Mapping[Any, Any]  # of a statement's columns by name
Rows = Sequence[RowMapping]
LARGEST_BATCH = 1_000


@dataclass(frozen=True)
class Loaders:
    """The loaders of one request."""

    items: DataLoader[int, RowMapping | None]
    tags: DataLoader[str, RowMapping | None]
    tags_by_id: DataLoader[int, RowMapping | None]
    merged: DataLoader[int, Rows]
    labels: DataLoader[int, Rows]
    broader: DataLoader[int, Rows]
    narrower: DataLoader[int, Rows]
    related: DataLoader[int, Rows]
    item_tags: DataLoader[int, Rows]


def make_loaders(database: AsyncEngine, catalog: Catalog) -> Loaders:
    """Make the loaders for one request."""
    return Loaders(
        items=_one(database, queries.items_by_id(catalog), "id"),
        tags=_one(database, queries.tags_by_key(), "asked"),
        tags_by_id=_one(database, queries.tags_by_id(), "id"),
        merged=_many(database, queries.merged_into(), "redirect"),
        labels=_many(database, queries.labels_of(), "tag"),
        broader=_many(database, queries.broader_than(), "owner"),
        narrower=_many(database, queries.narrower_than(), "owner"),
        related=_many(database, queries.related_to(), "owner"),
        item_tags=_many(database, queries.tags_of_items(), "owner"),
    )


def at_hand(loader: DataLoader[K, Any], key: K) -> Any:
    """Give what was loaded already, else `LATER`."""
    future = loader.cache_map.get(key)
    if future is None or not future.done() or future.cancelled() or future.exception():
        return LATER
    return future.result()


async def read(
    database: AsyncEngine, statement: Select[Any], some: Sequence[Any] | None = None
) -> Rows:
    """Read rows on a connection of their own."""
    values = {} if some is None else {"some": some}
    async with database.connect() as connection:
        rows: Rows = (await connection.execute(statement, values)).mappings().all()
    return rows


def _one(
    database: AsyncEngine, statement: Select[Any], name: str
) -> DataLoader[Any, RowMapping | None]:
    async def load(keys: list[Any]) -> list[RowMapping | None]:
        found = {row[name]: row for row in await read(database, statement, keys)}
        return [found.get(key) for key in keys]

    return DataLoader(load, max_batch_size=LARGEST_BATCH)


def _many(database: AsyncEngine, statement: Select[Any], name: str) -> DataLoader[K, Rows]:
    async def load(keys: list[K]) -> list[Rows]:
        found = defaultdict(list)
        for row in await read(database, statement, keys):
            found[row[name]].append(row)
        return [found[key] for key in keys]

    return DataLoader(load, max_batch_size=LARGEST_BATCH)
