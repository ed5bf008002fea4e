"""Partitions by day (UTC): made when a day's first row comes, in a transaction of their own."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Connection, text

from weft.queries import LOCK_TRANSACTION, MISSING_TABLES, PARTITION_LOCK, make_day


def ensure_days(connection: Connection, table: str, days: Iterable[date]) -> None:
    """See to it that a table partitioned by day can take rows of these days."""
    wanted = {f"{table}_{day:%Y%m%d}": day for day in days}
    if not _missing(connection, wanted):
        return
    with connection.engine.begin() as own:
        own.execute(LOCK_TRANSACTION, {"key": PARTITION_LOCK})
        for name in sorted(_missing(own, wanted)):
            day = wanted[name]
            own.execute(text(make_day(table, name, f"{day}", f"{day + timedelta(days=1)}")))


def _missing(connection: Connection, names: Iterable[str]) -> list[str]:
    return list(connection.execute(MISSING_TABLES, {"names": list(names)}).scalars())
