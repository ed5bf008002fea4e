"""Room for traces: a partition for each day (UTC)."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from weft.days import ensure_days


def make_room(engine: Engine, today: date | None = None) -> None:
    """Make the partitions of today and tomorrow, where they are missing."""
    first = today or datetime.now(UTC).date()
    with engine.begin() as connection:
        for table in ("trace", "trace_dump"):
            ensure_days(connection, table, (first, first + timedelta(days=1)))
