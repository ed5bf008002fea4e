"""Queries that are known by their hash: kept in Postgres, and in the memory of each process."""

from collections.abc import Mapping, Sequence

from graphql import GraphQLError, OperationDefinitionNode, parse
from sqlalchemy import Connection, RowMapping
from sqlalchemy.ext.asyncio import AsyncEngine

from api import queries
from api.guards.documents import TOKENS, digest_of
from weft import notices
from weft.errors import BadRequest, NotFound

NOTICE = "queries"
MOST = 10_000
LEAST_OF_HASH = 8


def add_query(connection: Connection, text: str, name: str) -> str:
    """Keep a query, to the letter, and tell every process; give its hash."""
    digest = digest_of(text)
    values = {"hash": digest, "query": text, "name": _named(text, name)}
    connection.execute(queries.persist(values))
    notices.post(connection, NOTICE)
    return digest


def list_queries(connection: Connection) -> Sequence[RowMapping]:
    """List all queries by name."""
    return connection.execute(queries.all_persisted()).mappings().all()


def remove_query(connection: Connection, digest: str) -> int:
    """Forget a query by its hash or the beginning of it, and tell every process."""
    if len(digest) < LEAST_OF_HASH:
        raise BadRequest(f"at least {LEAST_OF_HASH} characters of the hash are needed")
    count = connection.execute(queries.forget_persisted(digest)).rowcount
    if not count:
        raise NotFound(f"no query has the hash '{digest}'; `weft queries list` shows them")
    notices.post(connection, NOTICE)
    return count


class Persisted:
    """The queries that this process knows; read whole, and again when a notice says so."""

    def __init__(self, database: AsyncEngine) -> None:
        self._database = database
        self._texts: Mapping[str, str] | None = None

    async def find(self, digest: str) -> str | None:
        """Give the text of a query."""
        if self._texts is None:
            self._texts = await self._read()
        return self._texts.get(digest)

    def forget(self) -> None:
        """Read all again when the next one is asked for."""
        self._texts = None

    async def _read(self) -> Mapping[str, str]:
        async with self._database.connect() as connection:
            rows = await connection.execute(queries.all_persisted(MOST))
        return {row.hash: row.query for row in rows}


def _named(text: str, name: str) -> str:
    """Name a query by its operations; refuse what is no query."""
    try:
        tree = parse(text, max_tokens=TOKENS)
    except (GraphQLError, RecursionError) as error:
        raise BadRequest(f"{name}: {error}") from None
    operations = [d for d in tree.definitions if isinstance(d, OperationDefinitionNode)]
    if not operations:
        raise BadRequest(f"{name}: there is no operation in it")
    return ", ".join(d.name.value for d in operations if d.name) or name
