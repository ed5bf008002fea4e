"""Which rows of memory a filter let through, when that was asked, and what may have come since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.where import Where
from recall.planning.codes import Codes, Some
from recall.planning.deciding import queries
from recall.planning.store import Store

EARLIER = timedelta(seconds=60)  # pages of earlier moments are asked for, too
LONGEST = timedelta(minutes=10)  # of transactions whose changes are waited for


@dataclass(frozen=True)
class Since:
    """From when on changes may be unknown: what was under way may be committed later."""

    changed: datetime
    begun: datetime

    @property
    def usual(self) -> bool:
        """Tell whether no transaction has been open for so long that memory is of no use."""
        return self.begun - self.changed < LONGEST


@dataclass(frozen=True)
class Matching:
    """The rows that a filter let through."""

    some: Some
    since: Since
    edits: int  # of the taxonomy, until then
    next: datetime | None = None  # when another item begins

    @property
    def size(self) -> int:
        """Tell how many bytes it takes."""
        return self.some.size

    @property
    def count(self) -> int:
        """Tell how many match."""
        return len(self.some.rows)


async def read_since(connection: AsyncConnection, moment: datetime) -> Since:
    """Read how far back the oldest transaction reaches; to be asked before what it is about."""
    row = (await connection.execute(queries.OLDEST)).one()
    return Since(row.since, min(moment, row.moment) - EARLIER)


async def read_matching(
    connection: AsyncConnection, store: Store, where: Where, codes: Codes, moment: datetime
) -> Matching:
    """Ask the database which items a filter lets through."""
    since = await read_since(connection, moment)
    statement = queries.matching(store, where)
    row = (await connection.execute(statement, {"moment": since.begun})).one()
    ids = np.sort(np.frombuffer(row.ids or b"", ">i4").astype(np.int32))
    return Matching(codes.some(codes.rows_of(ids)), since, row.edits, row.next)
