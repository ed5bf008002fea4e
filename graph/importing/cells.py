"""Cells into typed values, a column at a time; a cell that cannot be read becomes null."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from graph.importing.expected import Column
from graph.importing.moments import moment_of

NUMBER = (
    r"^[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?$|"
    r"^[+-]?\.[0-9]+$"
)
YES = ("true", "yes", "1")
NO = ("false", "no", "0")
UNREADABLE = "\0"


@cache
def value_of(column: Column, kind: pl.DataType, zone: ZoneInfo) -> pl.Expr:
    """Read a column whose cells came as `kind`."""
    cell = pl.col(column.name)
    if column.many:
        return _many(cell, kind, column)
    if kind == pl.String:
        cell = _stripped(cell)
    match column.kind:
        case "word" | "text":
            return _word(cell, kind, column)
        case "number":
            return _number(cell, kind)
        case "whole":
            return _whole(_number(cell, kind))
        case "boolean":
            return _boolean(cell, kind)
    return moment_of(cell, kind, zone)


@cache
def given_in(column: Column, kind: pl.DataType) -> pl.Expr:
    """Tell which cells say something at all."""
    cell = pl.col(column.name)
    return (_stripped(cell) if kind == pl.String else cell).is_not_null()


def plain(cell: Any, column: Column) -> Any:
    """Give a Python object as text that the column can read, or `UNREADABLE` if it never can."""
    match cell:
        case None:
            return None
        case bool():
            return str(cell).lower() if column.kind == "boolean" else UNREADABLE
        case str():
            return cell if _encodable(cell) else UNREADABLE
        case int():
            return str(cell)
        case date() if column.kind == "time":
            return cell.isoformat()
        case float() if column.kind not in ("word", "text"):
            return repr(cell)
        case list() | tuple() if column.many:
            one = replace(column, many=False)
            return [plain(part, one) for part in cell if part is not None]
    return UNREADABLE


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _stripped(cell: pl.Expr) -> pl.Expr:
    text = cell.str.strip_chars()
    return pl.when(text != "").then(text)


def _word(cell: pl.Expr, kind: pl.DataType, column: Column) -> pl.Expr:
    if kind.is_integer() or isinstance(kind, pl.Categorical | pl.Enum):
        cell = cell.cast(pl.String)
    elif kind != pl.String:
        return pl.lit(None, pl.String)
    return pl.when(_fits(cell, column)).then(cell)


def _fits(text: pl.Expr, column: Column) -> pl.Expr:
    return (text.str.len_chars() <= column.longest) & ~text.str.contains("\0", literal=True)


def _number(cell: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if kind == pl.String:
        text = pl.when(cell.str.contains(NUMBER)).then(cell.str.replace_all(",", "", literal=True))
        number = text.cast(pl.Float64, strict=False)
    elif kind.is_numeric():
        number = cell.cast(pl.Float64, strict=False)
    else:
        return pl.lit(None, pl.Float64)
    return pl.when(number.is_finite()).then(number)


def _whole(number: pl.Expr) -> pl.Expr:
    fits = (number == number.floor()) & number.is_between(0, 2**31 - 1)
    return pl.when(fits).then(number).cast(pl.Int64)


def _boolean(cell: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if kind == pl.Boolean:
        return cell
    if kind.is_integer():
        cell = cell.cast(pl.String)
    elif kind != pl.String:
        return pl.lit(None, pl.Boolean)
    word = cell.str.to_lowercase()
    return pl.when(word.is_in(YES)).then(True).when(word.is_in(NO)).then(False)


def _many(cell: pl.Expr, kind: pl.DataType, column: Column) -> pl.Expr:
    if kind == pl.String:
        cell = cell.str.split("|")
    elif kind.is_integer():
        cell = pl.concat_list(cell.cast(pl.String))
    elif not isinstance(kind, pl.List) or not _wordlike(kind.inner):
        return pl.lit(None, pl.List(pl.String))
    part = pl.element().cast(pl.String).str.strip_chars()
    words = cell.list.eval(part.filter(part != "").unique(maintain_order=True))
    bad = words.list.eval(~_fits(pl.element(), column)).list.any()
    return pl.when(~bad).then(words)


def _wordlike(kind: Any) -> bool:
    return bool(kind == pl.String or kind == pl.Null or kind.is_integer() or kind == pl.Categorical)
