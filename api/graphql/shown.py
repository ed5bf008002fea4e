"""Items of a page: read at once with the tags that are asked for, while its trace is kept."""

import asyncio
from collections.abc import Sequence

from api import tracing
from api.graphql.context import Info
from api.graphql.dynamic import graphql_name
from api.graphql.executing import names_in
from api.graphql.loaders import Row
from graph import queries
from graph.catalog import Catalog
from recall.quickly import rows_quickly

Reading = asyncio.Task[list[Row | None]]


async def items_shown(info: Info, ids: Sequence[int]) -> list[Row | None]:
    """Read items in this order."""
    if not ids:
        return []
    catalog = info.context.spec.catalog
    shown = queries.items_shown(catalog, _wanted(info, catalog))
    async with info.context.databases.reading.connect() as connection:
        rows = await rows_quickly(connection, shown.statement, {"some": list(ids)})
    found = {row[0]: dict(zip(shown.names, row, strict=True)) for row in rows}
    return [found.get(number) for number in ids]


async def keep_and_read(
    info: Info, answer: tracing.Answer, ids: Sequence[int]
) -> tuple[str, Reading]:
    """Keep a trace, and begin to read meanwhile; a trace that is not kept ends the reading."""
    reading = asyncio.create_task(items_shown(info, ids))
    reading.add_done_callback(_heard)
    try:
        return await tracing.keep(info.context.databases.writing, answer), reading
    except BaseException:
        reading.cancel()
        raise


def _wanted(info: Info, catalog: Catalog) -> frozenset[str]:
    """Name the tags that are asked for."""
    names = names_in(info)
    declared = {n for n, a in catalog.item.items() if a.type == "tag" and graphql_name(n) in names}
    return frozenset(declared | {queries.TAGS} if "tags" in names else declared)


def _heard(reading: Reading) -> None:
    """Leave no error untold: whoever waits is told, and if nobody does, nobody misses it."""
    if not reading.cancelled():
        reading.exception()
