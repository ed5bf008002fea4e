"""What a process holds of all items, so that a request reads only what is of who asks.

It is made by the same functions as what is read for a request, and so it is the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import Connection

from ranking.examples import Longs
from ranking.features import queries
from ranking.features.described import Described, describe_all
from ranking.features.moments import micros
from ranking.features.sides import Given
from ranking.features.sources import ITEM
from ranking.features.tallies import Tally, read_tally
from ranking.features.wanted import Tallying, TallyKey, tallyings, wanted


@dataclass(frozen=True)
class Known:
    """All items, and what is counted of more than single persons."""

    items: Described
    since: datetime  # what was written later may be missing
    moment: datetime  # counts are for requests from here on, up to the next tick
    tallies: Mapping[TallyKey, Tally]


def learn(connection: Connection, features: Given, moment: datetime) -> Known:
    """Read all items, and count what requests of now need."""
    since = connection.execute(queries.OLDEST).scalar_one()
    items = describe_all(connection, ITEM, wanted(features, ITEM))
    return Known(items, since, moment, _tallies(connection, features, moment, {}))


def refresh(
    connection: Connection, features: Given, known: Known, moment: datetime
) -> tuple[Known, Longs]:
    """Read the items that have changed, and count anew what has had a tick since."""
    since = connection.execute(queries.OLDEST).scalar_one()
    new = describe_all(connection, ITEM, wanted(features, ITEM), known.since)
    tallies = _tallies(connection, features, moment, known.tallies)
    return Known(known.items.with_others(new), since, moment, tallies), new.ids


def _tallies(
    connection: Connection, features: Given, moment: datetime, held: Mapping[TallyKey, Tally]
) -> dict[TallyKey, Tally]:
    now = int(micros(np.array([moment.timestamp()]))[0])
    shared = {key: one for key, one in tallyings(features).items() if not one.own}
    return {key: _tally(connection, one, now, held.get(key)) for key, one in shared.items()}


def _tally(connection: Connection, tallying: Tallying, now: int, held: Tally | None) -> Tally:
    """Count up to the last tick, even where counts are used only after a delay."""
    since, _ = tallying.span(now, now)
    until = now // tallying.every * tallying.every
    if held is not None and held.covers(since, until):
        return held
    return read_tally(connection, tallying, since, until)
