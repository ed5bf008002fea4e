"""From when on changes may be unknown to what was read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from recall.offers import queries

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


async def read_since(connection: AsyncConnection, moment: datetime) -> Since:
    """Read how far back the oldest transaction reaches; to be asked before what it is about."""
    row = (await connection.execute(queries.OLDEST)).one()
    return Since(row.since, min(moment, row.moment) - EARLIER)
