"""Facts as they were: the tables of `public` copied into another database, up to a moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Table

from weft import queries
from weft.days import ensure_days
from weft.tables import event, event_day, metadata, watermark

Tell = Callable[[float], None]


@contextmanager
def one_snapshot(engine: Engine) -> Iterator[Connection]:
    """Read all tables as they are at one moment, and write nothing."""
    with engine.connect() as connection:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        yield connection.execution_options(**options)


def copy_facts(source: Connection, target: Engine, until: datetime, tell: Tell) -> None:
    """Copy facts as PostgreSQL's own bytes: what has a time up to `until`, the rest as it is."""
    moment = until.astimezone(UTC).isoformat()
    tables = [table for table in facts() if table is not event_day]
    for table in filter(_daily, tables):
        days = source.execute(queries.days_until(table.name, moment)).scalars().all()
        with target.begin() as connection:
            ensure_days(connection, table.name, days)
    with target.begin() as connection:
        for place, table in enumerate(tables, 1):
            _copy(source, connection, table, moment)
            tell(place / len(tables))
        connection.execute(queries.COUNT_DAYS)
        connection.execute(queries.ANALYZE)


def facts() -> list[Table]:
    """Give the tables of facts, each after those that it refers to, and the watermarks."""
    public = [table for table in metadata.sorted_tables if table.schema is None]
    return [*public, watermark]


def _daily(table: Table) -> bool:
    return str(table.dialect_options["postgresql"]["partition_by"]).startswith("RANGE (time)")


def _copy(source: Connection, target: Connection, table: Table, moment: str) -> None:
    """Pass a table's rows on, leaving out the columns that follow from others."""
    columns = [f'"{column.name}"' for column in table.columns if column.computed is None]
    if table is event:
        query = queries.arrived_until(columns, moment)
    else:
        query = queries.rows_until(table.fullname, columns, moment if _daily(table) else None)
    drivers = [side.connection.driver_connection for side in (source, target)]
    reading, writing = (driver.cursor() for driver in drivers if driver is not None)
    with (
        reading.copy(queries.copy_query(query)) as rows,
        writing.copy(queries.copy_bytes(table.fullname, columns)) as copy,
    ):
        for block in rows:
            copy.write(block)
