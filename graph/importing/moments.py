"""Times as people write them: ISO with or without zone, with a blank, or as seconds since 1970."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

FIRST = datetime(1, 1, 2, tzinfo=UTC)
LAST = datetime(9999, 12, 30, tzinfo=UTC)
SHAPE = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:T[0-9]{2}:[0-9]{2}(?::[0-5][0-9](?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$"
)
ZONED = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z")
NAIVE = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M")
SECONDS = 100_000_000_000
MOMENT = pl.Datetime("us", "UTC")


def moment_of(cell: pl.Expr, kind: pl.DataType, zone: ZoneInfo) -> pl.Expr:
    """Read a column of times; null where a cell is none."""
    if kind == pl.String:
        moment = _of_text(cell, zone)
    elif isinstance(kind, pl.Datetime):
        moment = _of_datetime(cell, kind, zone)
    elif kind == pl.Date:
        moment = _local(cell.cast(pl.Datetime("us")), zone)
    elif kind.is_numeric():
        moment = _of_epoch(cell.cast(pl.Float64))
    else:
        moment = pl.lit(None, MOMENT)
    return pl.when(moment.is_between(FIRST, LAST)).then(moment)


def written(moment: pl.Expr) -> pl.Expr:
    """Write times in ISO, in UTC, so that they can be read without knowing a zone."""
    return moment.dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")


def _of_datetime(cell: pl.Expr, kind: pl.Datetime, zone: ZoneInfo) -> pl.Expr:
    exact = cell.dt.cast_time_unit("us")
    return exact.dt.convert_time_zone("UTC") if kind.time_zone else _local(exact, zone)


def _of_text(cell: pl.Expr, zone: ZoneInfo) -> pl.Expr:
    text = cell.str.replace(" ", "T", literal=True).str.replace(" ", "", literal=True)
    iso = pl.when(text.str.contains(SHAPE)).then(text)
    zoned = [_parse(iso, form).dt.convert_time_zone("UTC") for form in ZONED]
    naive = pl.coalesce(
        *(_parse(iso, form) for form in NAIVE),
        iso.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")),
    )
    digits = pl.when(cell.str.contains(r"^[0-9]{9,13}$")).then(cell).cast(pl.Float64)
    return pl.coalesce(*zoned, _local(naive, zone), _of_epoch(digits))


def _parse(text: pl.Expr, form: str) -> pl.Expr:
    return text.str.to_datetime(form, strict=False, time_unit="us")


def _local(naive: pl.Expr, zone: ZoneInfo) -> pl.Expr:
    there = naive.dt.replace_time_zone(zone.key, ambiguous="earliest", non_existent="null")
    return there.dt.convert_time_zone("UTC")


def _of_epoch(number: pl.Expr) -> pl.Expr:
    sane = pl.when(number.is_between(0, SECONDS * 1_000, closed="left")).then(number)
    micros = pl.when(sane < SECONDS).then(sane * 1e6).otherwise(sane * 1e3)
    return micros.round().cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
