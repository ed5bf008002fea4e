"""Which rows of memory a filter let through, when that was asked, and what may have come since."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.graph import Numbers
from graph.meaning import Meaning
from graph.where import Where, both
from recall.offers.offer import Offer, offering
from recall.offers.since import EARLIER, Since, read_since
from recall.planning.codes import Codes, Some
from recall.planning.deciding import queries
from recall.planning.store import Store


@dataclass(frozen=True)
class Matching:
    """The rows that a filter let through."""

    some: Some
    since: Since
    edits: int | None  # of the taxonomy, until then; none: no tag is asked for
    next: datetime | None = None  # when another item begins

    @property
    def size(self) -> int:
        """Tell how many bytes it takes."""
        return self.some.size

    @property
    def count(self) -> int:
        """Tell how many match."""
        return len(self.some.rows)


async def read_matching(
    connection: AsyncConnection, store: Store, where: Where, codes: Codes, moment: datetime
) -> Matching:
    """Ask the database which items a filter lets through."""
    since = await read_since(connection, moment)
    statement = queries.matching(store, where)
    row = (await connection.execute(statement, {"moment": since.begun})).one()
    ids = np.sort(np.frombuffer(row.ids or b"", ">i4").astype(np.int32))
    return Matching(codes.some(codes.rows_of(ids)), since, row.edits, row.next)


def matching_in(
    offer: Offer, codes: Codes, rows: Numbers, where: Where, meaning: Meaning, moment: datetime
) -> Matching:
    """Tell what a filter lets through by columns; `rows` says where codes have each item there."""
    lifetime, begun = offer.base.catalog.lifetime, moment - EARLIER
    marks, late = offer.every(both(where, offering(lifetime, begun)), meaning)
    found = np.flatnonzero(np.append(marks, False)[rows]).astype(np.int32)
    found = np.union1d(found, codes.rows_of(late)).astype(np.int32) if len(late) else found
    since = Since(offer.since.changed, begun)
    following = offer.next_begin(lifetime.begins, begun)
    return Matching(codes.some(found), since, meaning.version, following)
