"""Sending frames to a table by COPY."""

import polars as pl
from sqlalchemy import Connection

from weft.queries import copy_into


def copy_frame(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """Send all rows of a frame; its columns are the table's."""
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor().copy(copy_into(table, frame.columns)) as copy:
        copy.write(frame.write_csv(include_header=False))
