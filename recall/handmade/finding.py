"""Finding candidates in what an analyst gives."""

from dataclasses import dataclass
from typing import Any

from psycopg import errors as postgres
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.catalog import Catalog
from recall.candidates import Candidates, Question, candidates_of
from recall.handmade import queries
from recall.handmade.given import Given, first_line, shape_of, values_of
from recall.narrowing import allowed
from weft.errors import BuildError, ChannelFailed

OTHERS = (postgres.QueryCanceled, postgres.AdminShutdown)


@dataclass(frozen=True)
class HandmadeFinder:
    """Asks a view or function; where it has become wrong, says so."""

    channel: str
    catalog: Catalog
    given: Given
    enclosed: bool = True  # a role is taken on for a transaction

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` items."""
        try:
            rows = await connection.run_sync(self._ask, question, top)
        except BuildError as error:
            raise ChannelFailed(str(error)) from error
        except DBAPIError as error:
            if error.connection_invalidated or isinstance(error, DataError):
                raise
            if isinstance(error.orig, OTHERS):
                raise
            raise ChannelFailed(f"{self.given.name}: {first_line(error)}") from error
        return candidates_of(self.channel, rows)

    def _ask(self, connection: Connection, question: Question, top: int) -> Any:
        if self.given.role is not None:
            connection.execute(queries.BE, {"role": self.given.role})
        shape = shape_of(connection, self.given)
        rows = self.given.rows(("item", "score", *shape.columns))
        condition = allowed(self.catalog, question)
        statement = queries.found_in(rows, shape.columns, shape.by_key, condition)
        words = {"scene": question.scene, **question.words}
        values = values_of(self.given, shape, question.person, words, question.moment, top)
        return connection.execute(statement, {**values, "left_out": list(question.leave_out)}).all()
