"""Parquet: row groups, each read by itself, so that a damaged one does not hide the others."""

from collections.abc import Iterator
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from graph.formats.chunks import ROWS, Chunk, Reject, Source, shown
from weft.errors import ImportFailed

BUFFER = 2**20
BROKEN = (
    pa.ArrowException,
    OSError,
    ValueError,
    OverflowError,
    MemoryError,
    pl.exceptions.PolarsError,
)


def read(source: Source) -> Iterator[Chunk]:
    """Read a Parquet file."""
    try:
        with pq.ParquetFile(source.path, buffer_size=BUFFER, pre_buffer=False) as file:
            _check_columns(file.schema_arrow.names, source)
            yield from _groups(file, source)
    except BROKEN as error:
        why = f"{source.path}: not a readable Parquet file: {_first_line(error)}"
        raise ImportFailed(why) from None


def _check_columns(names: list[str], source: Source) -> None:
    missing = [name for name in source.needed if name not in names]
    if missing:
        have = ", ".join(names[:20])
        raise ImportFailed(f"{source.path}: there is no column {', '.join(missing)}; it has {have}")
    if len(set(names)) < len(names):
        raise ImportFailed(f"{source.path}: two columns have the same name")


def _groups(file: Any, source: Source) -> Iterator[Chunk]:
    names = file.schema_arrow.names
    wanted = [name for name in names if source.wanted(name)]
    first, size = 1, source.path.stat().st_size
    total = max(file.metadata.num_rows, 1)
    for group in range(file.metadata.num_row_groups):
        rows, done = file.metadata.row_group(group).num_rows, 0
        try:
            for batch in file.iter_batches(ROWS, row_groups=[group], columns=wanted):
                chunk = _chunk(batch, first + done, set(names).difference(wanted))
                done += batch.num_rows
                source.tell(size * batch.num_rows // total)
                yield chunk
        except BROKEN as error:
            yield _unreadable(group, first + done, rows - done, error)
        first += rows


def _chunk(batch: Any, first: int, unknown: set[str]) -> Chunk:
    frame = pl.DataFrame(pl.from_arrow(batch))
    lines = range(first, first + batch.num_rows)
    counts = dict.fromkeys(sorted(unknown), batch.num_rows)
    return Chunk(frame, lines, lambda index: frame.row(index, named=True), (), counts)


def _unreadable(group: int, first: int, rows: int, error: Exception) -> Chunk:
    span = f"rows {first} to {first + rows - 1} of row group {group}"
    reason = f"{span} cannot be read: {_first_line(error)}"
    return Chunk(pl.DataFrame(), [], lambda _: None, (Reject(first, None, reason, rows=rows),))


def _first_line(error: Exception) -> object:
    return shown((str(error).splitlines() or [type(error).__name__])[0])
