"""The history of the taxonomy."""

import asyncio
from datetime import datetime

import strawberry
from sqlalchemy import Engine
from strawberry.scalars import JSON

from api.graphql.access import entry
from api.graphql.connections import (
    Connection,
    Edge,
    check_first,
    page_info,
    read_cursor,
    write_cursor,
)
from api.graphql.context import Info
from graph.taxonomy.history import Remembered, count_history, read_history

LISTING = "taxonomyHistory"


@strawberry.type
class TaxonomyChange:
    """One change of the taxonomy: who made it, when and why, and how it was before."""

    id: int
    at: datetime
    author: str
    reason: str
    verb: str
    tag: strawberry.ID
    into: strawberry.ID | None = strawberry.field(
        description="The tag that it was merged into, related to or unrelated from."
    )
    item: strawberry.ID | None = strawberry.field(description="The item that it was said of.")
    revision: int = strawberry.field(description="Of the tag, after the change.")
    before: JSON | None = strawberry.field(description="Null: there was no such tag.")
    after: JSON


def change_of(row: Remembered) -> TaxonomyChange:
    """Make a change of what was remembered."""
    return TaxonomyChange(
        id=row.id,
        at=row.at,
        author=row.author,
        reason=row.reason,
        verb=row.verb,
        tag=strawberry.ID(row.tag),
        into=None if row.other is None else strawberry.ID(row.other),
        item=None if row.item is None else strawberry.ID(row.item),
        revision=row.revision,
        before=None if row.before is None else JSON(row.before),
        after=JSON(row.after),
    )


@strawberry.field(
    extensions=entry("analyst"),
    description="List changes, the newest first: all, or those that a tag had a part in. "
    "Needs the role `analyst`.",
)
async def taxonomy_history(
    info: Info, tag: strawberry.ID | None = None, first: int = 20, after: str | None = None
) -> Connection[TaxonomyChange]:
    """List changes."""
    top = check_first(first)
    before = None if after is None else read_cursor(LISTING, after, int)[0]
    pool = info.context.databases.loading
    rows = await asyncio.to_thread(_read, pool, tag, before, top + 1)

    async def count() -> int:
        return await asyncio.to_thread(_count, pool, tag)

    edges = [Edge(cursor=write_cursor(LISTING, r.id), node=change_of(r)) for r in rows[:top]]
    shown = page_info([edge.cursor for edge in edges], len(rows) > top, after)
    return Connection(edges=edges, page_info=shown, count=count)


def _read(pool: Engine, tag: str | None, before: int | None, top: int) -> tuple[Remembered, ...]:
    with pool.connect() as connection:
        return read_history(connection, tag, before, top)


def _count(pool: Engine, tag: str | None) -> int:
    with pool.connect() as connection:
        return count_history(connection, tag)
