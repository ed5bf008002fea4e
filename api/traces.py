"""Room for traces: a partition for each day (UTC)."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from api import queries


def make_room(connection: Connection, today: date | None = None) -> None:
    """Make the partitions of today and tomorrow, where they are missing."""
    first = today or datetime.now(UTC).date()
    days = (first, first + timedelta(days=1))
    if _missing(connection, days):
        connection.execute(queries.LOCK_TRACE)
        for day in _missing(connection, days):
            connection.execute(queries.make_partition(day))


def _missing(connection: Connection, days: tuple[date, ...]) -> list[date]:
    there = set(connection.execute(queries.TRACE_DAYS).scalars())
    return [day for day in days if queries.partition_name(day) not in there]
