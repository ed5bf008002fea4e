"""Events and the answers that they speak of: what an event leaves out, its trace fills in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from api import queries

LONGEST = timedelta(days=7)  # an event that speaks of an older answer is kept as it comes

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Stitched:
    """Events with what their traces say; `strays` have a trace that does not show their item."""

    rows: list[Event]
    strays: frozenset[int] = frozenset()


def stitch(connection: Connection, rows: Sequence[Event]) -> Stitched:
    """Fill in scene, person and position where a trace knows them; what an event says stands."""
    asked = [place for place, row in enumerate(rows) if isinstance(row.get("trace"), str)]
    if not asked:
        return Stitched(list(rows))
    values = {
        "traces": [rows[place]["trace"] for place in asked],
        "items": [_item(rows[place]) for place in asked],
        "since": datetime.now(UTC) - LONGEST,
    }
    found = {row.n: row for row in connection.execute(queries.TRACED, values)}
    told = {place: found.get(number) for number, place in enumerate(asked, 1)}
    filled = [_filled(row, told.get(place)) for place, row in enumerate(rows)]
    strays = frozenset(place for place, trace in told.items() if _is_stray(rows[place], trace))
    return Stitched(filled, strays)


def _item(row: Event) -> str | None:
    return row["item"] if isinstance(row.get("item"), str) else None


def _filled(row: Event, trace: Row[Any] | None) -> Event:
    if trace is None:
        return row
    known = {"scene": trace.scene, "person": trace.person, "position": trace.position}
    missing = {name: value for name, value in known.items() if value is not None}
    return {**missing, **row}


def _is_stray(row: Event, trace: Row[Any] | None) -> bool:
    """Tell whether a trace is unknown, or did not show the item of its event."""
    return trace is None or (_item(row) is not None and trace.position is None)
