"""What a filter's tags mean, as a process remembers it until tags are edited."""

from sqlalchemy.ext.asyncio import AsyncConnection

from graph.meaning import PLAIN, Meaning, Named
from graph.queries import meanings
from recall.planning.deciding import queries
from recall.planning.memory import Memory

Keys = tuple[str, ...]


async def meaning_of(connection: AsyncConnection, memory: Memory, keys: Keys) -> Meaning:
    """Give what is remembered, or read it."""

    async def read() -> Meaning:
        return await _read(connection, keys)

    return await memory.meanings.find(keys, read) if keys else PLAIN


async def _read(connection: AsyncConnection, keys: Keys) -> Meaning:
    """Read the version first: after an edit in between it is known to be an earlier one."""
    version = (await connection.execute(queries.TAG_VERSION)).scalar_one()
    rows = (await connection.execute(meanings(keys))).all()
    named = (Named(row.key, row.facet, row.id, tuple(row.words)) for row in rows)
    return Meaning(tuple(named), version)
