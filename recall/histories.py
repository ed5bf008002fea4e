"""What a person did of late, read for one request."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from recall import queries
from recall.candidates import NOTHING, History

WINDOW = timedelta(days=90)
MOST = 200


async def read_history(
    connection: AsyncConnection, person: int, positive: Mapping[str, float], until: datetime
) -> History:
    """Read the last positive events of a person, the newest first."""
    values = {
        "person": person,
        "kinds": list(positive),
        "since": until - WINDOW,
        "until": until,
        "most": MOST,
    }
    rows = (await connection.execute(queries.HISTORY, values)).all()
    if not rows:
        return NOTHING
    return History(
        np.array([row.item for row in rows], np.int32),
        np.array([positive[row.kind] for row in rows], np.float32),
        np.array([row.time for row in rows], np.float64),
        tuple(row.kind for row in rows),
    )
