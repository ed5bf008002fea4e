"""Which rows of memory a filter let through, when that was asked, and what may have come since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.graph import Numbers
from graph.where import Where
from recall.planning import queries
from recall.planning.codes import Codes
from recall.planning.store import Store

EARLIER = timedelta(seconds=60)  # pages of earlier moments are asked for, too
LONGEST = timedelta(minutes=10)  # of transactions whose changes are waited for
SCATTERED = 5_000  # rows that are better marked than listed


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

    rows: Numbers  # rising
    flags: NDArray[np.uint8] | None  # (all rows,) the same, where there are many
    since: Since
    edits: int  # of the taxonomy, until then
    next: datetime | None = None  # when another item begins

    @property
    def size(self) -> int:
        """Tell how many bytes it takes."""
        return self.rows.nbytes + (0 if self.flags is None else self.flags.nbytes)


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
    rows = codes.rows_of(ids)
    flags = codes.flags(rows) if len(rows) > SCATTERED else None
    return Matching(rows, flags, since, row.edits, row.next)
