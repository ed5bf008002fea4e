"""Items and persons by key: added where new, changed where different, left alone where not."""

from collections.abc import Iterable, Mapping

import polars as pl

from graph.catalog import Attribute
from graph.importing.batches import Batch
from graph.importing.declared import Outcome
from graph.importing.doubles import remember_keys, without_doubles
from graph.importing.loads import Load
from graph.importing.moments import MOMENT, written
from graph.importing.queries import (
    ADD,
    CHANGE,
    CLEAR_INCOMING,
    MAKE_INCOMING,
    TAG_CHANGED_ITEMS,
    TAG_NEW_ITEMS,
    UNTAG_CHANGED_ITEMS,
    last_id,
)
from graph.importing.tagging import arrays_of, checked_tags, with_tags
from graph.taxonomy.beliefs import refresh_items


def store_items(load: Load, batch: Batch) -> Outcome:
    """Store a batch of items and tie them to their tags."""
    return _store(load, batch, "item", load.declared.catalog.item)


def store_persons(load: Load, batch: Batch) -> Outcome:
    """Store a batch of users."""
    return _store(load, batch, "person", load.declared.catalog.user)


def _store(load: Load, batch: Batch, table: str, attributes: Mapping[str, Attribute]) -> Outcome:
    batch = checked_tags(load, _digested(batch, attributes), attributes)
    batch = without_doubles(load, batch)
    load.lock(table)
    batch, tagged, new_tags = with_tags(load, batch, attributes)
    added, changed = _upsert(load, _rows(load, batch.frame, tagged), table)
    load.marks[table] += added + changed
    load.anybody |= table == "person" and changed > 0
    good = batch.read - sum(reject.rows for reject in batch.rejects)
    return Outcome(
        batch.read, added, changed, good - added - changed, batch.rejects, batch.unknown, new_tags
    )


def _digested(batch: Batch, attributes: Iterable[str]) -> Batch:
    """Put the attributes into one JSON column, and a digest of what the row says beside it."""
    frame = batch.frame
    title = pl.col("title") if "title" in frame.columns else pl.lit(None, pl.String)
    frame = frame.with_columns(_json(frame, attributes).alias("raw"), title.alias("title"))
    digest = pl.struct("title", "raw").hash().reinterpret(signed=True)
    return batch.with_frame(frame.with_columns(digest.alias("digest")))


def _json(frame: pl.DataFrame, attributes: Iterable[str]) -> pl.Expr:
    columns = [
        written(pl.col(name)).alias(name) if frame.schema[name] == MOMENT else pl.col(name)
        for name in attributes
    ]
    return pl.struct(columns).struct.json_encode() if columns else pl.lit("{}")


def _rows(load: Load, frame: pl.DataFrame, tagged: pl.DataFrame) -> pl.DataFrame:
    rows = frame.select("row", "line", "key", "digest", "title", "raw")
    rows = rows.join(arrays_of(load, tagged), "row", how="left", maintain_order="left")
    return rows.with_columns(pl.col("own", "tags").fill_null("{}"))


def _upsert(load: Load, rows: pl.DataFrame, table: str) -> tuple[int, int]:
    if rows.is_empty():
        return 0, 0
    execute = load.connection.execute
    execute(MAKE_INCOMING)
    execute(CLEAR_INCOMING)
    load.copy("incoming", rows)
    last = execute(last_id(table)).scalar_one()
    changed = list(execute(CHANGE[table]).scalars())
    added = execute(ADD[table], {"last": last}).rowcount
    if table == "item":
        _tag(load, last, changed)
    remember_keys(load, "incoming")
    return added, len(changed)


def _tag(load: Load, last: int, changed: list[int]) -> None:
    load.connection.execute(TAG_NEW_ITEMS, {"last": last})
    if changed:
        for statement in (UNTAG_CHANGED_ITEMS, TAG_CHANGED_ITEMS):
            load.connection.execute(statement, {"items": changed})
        refresh_items(load.connection, changed, load.declared.precedence)
