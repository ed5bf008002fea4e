"""Events into their day; the same event twice is one event."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any

import polars as pl
from psycopg.errors import UniqueViolation

from graph.importing.batches import Batch
from graph.importing.declared import Declared, Outcome
from graph.importing.loads import Load
from graph.importing.moments import written
from graph.importing.queries import (
    ADD_FEW_EVENTS,
    ADD_INCOMING_EVENTS,
    ADD_PERSONS,
    CLEAR_INCOMING_EVENT,
    COUNT_DAYS,
    EVENT,
    HOLD_DAYS,
    MAKE_INCOMING_EVENT,
)
from graph.locks import share_events
from weft.days import ensure_days
from weft.spec import unknown

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
FEW = 1_000
_DAY = pl.col("time").dt.date().alias("day")


def begin_events(load: Load) -> None:
    """Let nobody else add events while a whole file is one transaction: days come in any order."""
    if load.whole:
        load.lock("event")


def store_events(load: Load, batch: Batch) -> Outcome:
    """Add the events that are not there yet, and the persons that they are the first to name."""
    share_events(load.connection)
    batch = _items(load, batch)
    persons, new_persons = _persons(load, batch.frame["person"].to_list())
    named = _named(batch.frame).drop("item", "person").rename({"item id": "item"})
    rows = named.hstack([persons])[["row", *EVENT]]
    rows = rows.unique(["id", "time"], keep="first", maintain_order=True)
    added, fresh = _write(load, rows) if rows.height else (0, frozenset())
    return Outcome(
        batch.read, added, 0, batch.frame.height - added, batch.rejects, batch.unknown,
        new_persons=new_persons, fresh=fresh,
    )  # fmt: skip


def check_events(batch: Batch, declared: Declared) -> Batch:
    """Refuse events of unknown kinds, from impossible times, and without what their kind needs."""
    kinds = declared.events.all_kinds()
    need_item = [name for name, kind in kinds.items() if kind.item]
    need_keyword = [name for name, kind in kinds.items() if kind.keyword]
    kind, time = pl.col("kind"), pl.col("time")
    latest = datetime.now(UTC) + AHEAD
    checks: list[tuple[str, pl.Expr, Callable[[Any], str]]] = [
        ("kind", ~kind.is_in(list(kinds)), lambda name: unknown("kind of event", name, kinds)),
        ("time", time < EARLIEST, lambda when: f"before 2000-01-01: {when:%Y-%m-%d}"),
        ("time", time > latest, lambda when: f"more than a day in the future: {when:%Y-%m-%d}"),
        ("item", kind.is_in(need_item) & pl.col("item").is_null(), lambda _: "is missing"),
        ("keyword", kind.is_in(need_keyword) & pl.col("keyword").is_null(), lambda _: "is missing"),
    ]
    frame = batch.frame
    hits = frame.select(test.alias(str(place)) for place, (_, test, _) in enumerate(checks))
    reasons: dict[int, tuple[str, str]] = {}
    for place, (column, _, why) in reversed(list(enumerate(checks))):
        if hits[str(place)].any():
            bad = frame.filter(hits[str(place)])
            reasons.update(
                (row, (column, why(cell))) for row, cell in bad.select("row", column).iter_rows()
            )
    return batch.without(reasons)


def _items(load: Load, batch: Batch) -> Batch:
    """Put the ids of items beside their keys; refuse rows with a key that no item has."""
    keys = batch.frame["item"].to_list()
    known = load.known("item", keys)
    ids = pl.Series("item id", list(map(known.get, keys)), pl.Int32)
    frame = batch.frame.hstack([ids])
    if ids.null_count() == frame["item"].null_count():
        return batch.with_frame(frame)
    strange = frame.filter(pl.col("item").is_not_null() & pl.col("item id").is_null())
    reasons = {
        row: ("item", f"no item has the key '{key}'")
        for row, key in strange.select("row", "item").iter_rows()
    }
    return batch.with_frame(frame).without(reasons)


def _persons(load: Load, keys: list[str]) -> tuple[pl.Series, int]:
    """Give the ids of persons, and make those who are named for the first time."""
    known = load.known("person", keys)
    new = list(dict.fromkeys(key for key in keys if key not in known))
    added = 0
    if new:
        load.lock("person")
        added = load.connection.execute(ADD_PERSONS, {"keys": new}).rowcount
        load.marks["person"] += added
        known = load.known("person", keys)
    persons = [known[key] for key in keys]
    load.concerns(persons)
    return pl.Series("person", persons, pl.Int32), added


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    """Give events without an id one that follows from what they say."""
    if not frame["id"].has_nulls():
        return frame
    said = frame.select(EVENT[1:]).with_columns(written(pl.col("time")))
    ids = [
        own if own is not None else blake2b(repr(rest).encode(), digest_size=16).hexdigest()
        for own, rest in zip(frame["id"], said.iter_rows(), strict=True)
    ]
    return frame.with_columns(pl.Series("id", ids, pl.String))


def _write(load: Load, rows: pl.DataFrame) -> tuple[int, frozenset[int] | None]:
    """Add the rows that are new, each with its number within its day; of few, tell which."""
    days = rows.group_by(_DAY).len("rows")
    ensure_days(load.connection, "event", days["day"])
    held = load.connection.execute(HOLD_DAYS, {"days": days["day"].to_list()}).all()
    rows = _numbered(rows, {row.day: row.rows for row in held})
    if rows.height <= FEW:
        return _add_few(load, rows)
    exact = rows.drop("row").with_columns(pl.col("time").dt.strftime("%Y-%m-%d %H:%M:%S%.f+00"))
    if not load.doubled and _all_new(load, exact):
        return _count(load, dict(days.iter_rows())), None
    added = _add_missing(load, exact)
    load.doubled = added < rows.height
    return added, None


def _add_few(load: Load, rows: pl.DataFrame) -> tuple[int, frozenset[int]]:
    few = rows.with_columns(written(pl.col("time"))).write_json()
    told = load.connection.execute(ADD_FEW_EVENTS, {"rows": few}).all()
    new = {number for day in told for number in day.ids}
    fresh = frozenset(
        row for row, number in zip(rows["row"], rows["id"], strict=True) if number in new
    )
    return _count(load, {day.day: day.rows for day in told}), fresh


def _numbered(rows: pl.DataFrame, before: Mapping[date, int]) -> pl.DataFrame:
    """Number events within their day, on from those that are there, as if all were new."""
    base = _DAY.replace_strict(before, return_dtype=pl.Int64)
    place = pl.col("id").cum_count().over(_DAY)
    return rows.with_columns((base + place).alias("arrival"))


def _all_new(load: Load, rows: pl.DataFrame) -> bool:
    """Try the straight way; it fails as a whole where one event is there already."""
    try:
        with load.connection.begin_nested():
            load.copy("event", rows)
    except UniqueViolation:
        return False
    return True


def _add_missing(load: Load, rows: pl.DataFrame) -> int:
    load.connection.execute(MAKE_INCOMING_EVENT)
    load.connection.execute(CLEAR_INCOMING_EVENT)
    load.copy("incoming_event", rows)
    told = load.connection.execute(ADD_INCOMING_EVENTS)
    return _count(load, {day.day: day.rows for day in told})


def _count(load: Load, days: Mapping[date, int]) -> int:
    """Raise the version of the days, whose rows are held since before the events came."""
    if days:
        values = {"days": list(days), "rows": list(days.values())}
        load.connection.execute(COUNT_DAYS, values)
    return sum(days.values())
