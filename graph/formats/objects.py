"""Objects into columns: of one type where the cells agree, of Python objects where not."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from graph.formats.chunks import Source

NOTHING = type(None)
MOST_NAMES = 100


def columns_of(
    rows: Sequence[Mapping[str, Any]], source: Source
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Turn objects into a frame of the wanted columns, and count the others."""
    names = set().union(*rows) if rows else set()
    wanted = sorted(name for name in names if source.wanted(name))
    frame = pl.DataFrame([column(name, [row.get(name) for row in rows]) for name in wanted])
    others = sorted(names.difference(wanted))[:MOST_NAMES]
    return frame, {name: sum(name in row for row in rows) for name in others}


def column(name: str, cells: list[Any]) -> pl.Series:
    """Make a column; cells of several types stay the objects that they are."""
    types = set(map(type, cells)) - {NOTHING}
    if types and types <= {datetime, date}:
        return pl.Series(name, [cell and cell.isoformat() for cell in cells], pl.String)
    if types == {list}:
        return _lists(name, cells)
    kind = _kind(types)
    try:
        return pl.Series(name, cells, kind, strict=True)
    except (TypeError, UnicodeEncodeError, OverflowError, pl.exceptions.PolarsError):
        return _objects(name, cells)


def _kind(types: set[type]) -> Any:
    if types <= {str}:
        return pl.String
    if types == {int}:
        return pl.Int64
    if types <= {int, float}:
        return pl.Float64
    return pl.Boolean if types == {bool} else pl.Object


def _lists(name: str, cells: list[Any]) -> pl.Series:
    inner = {type(part) for cell in cells if cell for part in cell}
    try:
        if inner <= {str}:
            return pl.Series(name, cells, pl.List(pl.String), strict=True)
    except UnicodeEncodeError:
        pass
    return _objects(name, cells)


def _objects(name: str, cells: list[Any]) -> pl.Series:
    return pl.Series(name, cells, pl.Object)
