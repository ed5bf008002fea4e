"""Rows of numbers by binary COPY: all rows have one width, so none of them is parsed."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from graph.arrays.queries import copy_out

HEADER = 19  # signature, flags, length of an extension that nobody uses
END = 2  # a count of fields that is -1
BATCH = 2**20
Rows = NDArray[np.void]


def row_of(**columns: Any) -> np.dtype[Any]:
    """Describe rows: a count of fields, then each value after its size, all big-endian."""
    sized = ((("", f"size_{name}", ">i4"), ("", name, kind)) for name, kind in columns.items())
    fields = [(name, kind) for _, name, kind in chain.from_iterable(sized)]
    return np.dtype([("fields", ">i2"), *fields])


def stream(connection: Connection, select: str, row: np.dtype[Any]) -> Iterator[Rows]:
    """Give the rows of a SELECT without NULLs, some ten thousand at a time."""
    batch = bytearray()
    for message in _messages(connection, select):
        batch += message  # a list to join later would keep a buffer of libpq for each row
        if len(batch) >= BATCH:
            yield np.frombuffer(batch, row)
            batch = bytearray()
    yield np.frombuffer(batch, row)


def _messages(connection: Connection, select: str) -> Iterator[memoryview]:
    """Take messages, a row each, from libpq itself: a third of the driver's own time."""
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor().copy(copy_out(select)) as copy:
        size, first = driver.pgconn.get_copy_data(0)
        if size > HEADER + END:
            yield first[HEADER:]
        while size not in (END, HEADER + END):
            size, message = driver.pgconn.get_copy_data(0)
            if size != END:
                yield message
        copy.read()
