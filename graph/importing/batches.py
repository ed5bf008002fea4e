"""Typed rows on their way into the database; a row that is refused leaves with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from graph.formats.chunks import Chunk, Reject, shown
from graph.importing.cells import given_in, plain, value_of
from graph.importing.expected import Column, Expected
from graph.importing.reasons import reason

Reasons = Mapping[int, tuple[str, str]]


@dataclass(frozen=True)
class Batch:
    """Good rows as typed columns beside `row` (place in the chunk) and `line`."""

    frame: pl.DataFrame
    read: int
    raw: Callable[[int], Any]
    rejects: tuple[Reject, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)

    def without(self, reasons: Reasons) -> "Batch":
        """Refuse rows: `reasons` gives the column and what is wrong, by row."""
        if not reasons:
            return self
        refused = self.frame.filter(pl.col("row").is_in(list(reasons)))
        rejects = [
            Reject(line, *reasons[row], shown(self.raw(row)))
            for row, line in refused.select("row", "line").iter_rows()
        ]
        left = self.frame.filter(~pl.col("row").is_in(list(reasons)))
        return replace(self, frame=left, rejects=(*self.rejects, *rejects))

    def with_frame(self, frame: pl.DataFrame) -> "Batch":
        """Give the same batch with other columns."""
        return replace(self, frame=frame)

    def only(self, condition: pl.Expr) -> "Batch":
        """Keep some rows and let the others go without a word."""
        return replace(self, frame=self.frame.filter(condition))


def read_batch(chunk: Chunk, expected: Expected, zone: ZoneInfo) -> Batch:
    """Type the rows of a chunk; rows with a cell that cannot be read are refused."""
    columns = _columns(chunk.frame, expected)
    came = _textual(chunk.frame, columns, len(chunk.lines))
    kinds = came.schema
    frame = came.select(
        pl.int_range(pl.len()).alias("row"),
        pl.Series("line", chunk.lines, pl.Int64),
        *(value_of(c, kinds[c.name], zone).alias(c.name) for c in columns),
    )
    read = len(chunk.lines) + sum(reject.rows for reject in chunk.rejects)
    typed = Batch(_tidy(frame, columns), read, chunk.raw, chunk.rejects, chunk.unknown)
    return typed.without(_reasons(frame, came, chunk.frame, columns))


def _columns(frame: pl.DataFrame, expected: Expected) -> list[Column]:
    extra = [
        c for name in frame.columns if name not in expected.columns and (c := expected.find(name))
    ]
    return [*expected.columns.values(), *extra]


def _textual(frame: pl.DataFrame, columns: list[Column], rows: int) -> pl.DataFrame:
    """Give every expected column: those that did not come as nulls, mixed ones as text."""
    return pl.DataFrame([_series(frame, column, rows) for column in columns])


def _series(frame: pl.DataFrame, column: Column, rows: int) -> pl.Series:
    if column.name not in frame.columns:
        return pl.Series(column.name, [None] * rows, pl.String)
    series = frame[column.name]
    if series.dtype == pl.Null:
        return series.cast(pl.String)
    if series.dtype != pl.Object:
        return series
    kind = pl.List(pl.String) if column.many else pl.String
    cells = [_listed(plain(cell, column), column) for cell in series.to_list()]
    return pl.Series(column.name, cells, kind)


def _listed(cell: Any, column: Column) -> Any:
    return cell.split("|") if column.many and isinstance(cell, str) else cell


def _tidy(frame: pl.DataFrame, columns: list[Column]) -> pl.DataFrame:
    """Make empty lists null."""
    lists = [pl.col(column.name) for column in columns if column.many]
    return (
        frame.with_columns(pl.when(cell.list.len() > 0).then(cell) for cell in lists)
        if lists
        else frame
    )


def _reasons(
    frame: pl.DataFrame, came: pl.DataFrame, raw: pl.DataFrame, columns: list[Column]
) -> dict[int, tuple[str, str]]:
    found: dict[int, list[tuple[str, str]]] = {}
    for column in columns:
        for row in _bad(frame[column.name], came, column):
            cell = raw[column.name][row] if column.name in raw.columns else None
            found.setdefault(row, []).append((column.name, _why(column, cell)))
    return {row: _joined(problems) for row, problems in found.items()}


def _bad(values: pl.Series, came: pl.DataFrame, column: Column) -> pl.Series | list[int]:
    """Find the rows that say something here which could not be read, or nothing where they must."""
    lost = values.null_count()
    if lost == 0 or (lost == came[column.name].null_count() and not column.required):
        return []
    if column.required:
        return values.is_null().arg_true()
    given = came.select(given_in(column, came.schema[column.name])).to_series()
    return (values.is_null() & given).arg_true()


def _why(column: Column, cell: Any) -> str:
    if isinstance(cell, pl.Series):
        cell = cell.to_list()
    blank = cell is None or (isinstance(cell, str) and not cell.strip())
    return "is missing" if blank else reason(column, cell)


def _joined(problems: list[tuple[str, str]]) -> tuple[str, str]:
    (column, first), *others = problems
    return column, "; ".join([first, *(f"{name}: {why}" for name, why in others)])
