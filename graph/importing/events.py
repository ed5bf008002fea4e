"""Events into their day; the same event twice is one event."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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
    EVENT,
    MAKE_INCOMING_EVENT,
)
from weft.days import ensure_days
from weft.spec import unknown

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
FEW = 1_000


def store_events(load: Load, batch: Batch) -> Outcome:
    """Add the events that are not there yet, and the persons that they are the first to name."""
    batch = _refused(batch, load.declared)
    items = load.known("item", batch.frame["item"])
    batch = batch.without(_unknown_items(batch.frame, items))
    persons, new_persons = _persons(load, batch.frame["person"])
    rows = _named(batch.frame).with_columns(
        pl.Series("person", [persons[key] for key in batch.frame["person"]], pl.Int32),
        pl.Series("item", [key and items[key] for key in batch.frame["item"]], pl.Int32),
    )
    rows = rows.select(EVENT).unique(["id", "time"], keep="first", maintain_order=True)
    added = _write(load, rows) if rows.height else 0
    return Outcome(
        batch.read, added, 0, batch.frame.height - added, batch.rejects, batch.unknown,
        new_persons=new_persons,
    )  # fmt: skip


def _refused(batch: Batch, declared: Declared) -> Batch:
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


def _unknown_items(frame: pl.DataFrame, items: dict[str, int]) -> dict[int, tuple[str, str]]:
    cells = zip(frame["row"], frame["item"], strict=True)
    return {
        row: ("item", f"no item has the key '{key}'")
        for row, key in cells
        if key is not None and key not in items
    }


def _persons(load: Load, keys: pl.Series) -> tuple[dict[str, int], int]:
    persons = load.known("person", keys)
    new = [key for key in keys.unique(maintain_order=True) if key not in persons]
    if not new:
        return persons, 0
    load.lock("person")
    added = load.connection.execute(ADD_PERSONS, {"keys": new}).rowcount
    load.marks["person"] += added
    return load.known("person", pl.Series(new)), added


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


def _write(load: Load, rows: pl.DataFrame) -> int:
    days = rows.group_by(pl.col("time").dt.date().alias("day")).len()
    ensure_days(load.connection, "event", days["day"])
    if rows.height <= FEW:
        few = rows.with_columns(written(pl.col("time"))).write_json()
        return _count(load, dict(load.connection.execute(ADD_FEW_EVENTS, {"rows": few}).all()))
    exact = rows.with_columns(pl.col("time").dt.strftime("%Y-%m-%d %H:%M:%S%.f+00"))
    if not load.doubled and _all_new(load, exact):
        return _count(load, dict(days.iter_rows()))
    added = _add_missing(load, exact)
    load.doubled = added < rows.height
    return added


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
    return _count(load, dict(load.connection.execute(ADD_INCOMING_EVENTS).all()))


def _count(load: Load, days: dict[Any, int]) -> int:
    load.days.update(days)
    return sum(days.values())
