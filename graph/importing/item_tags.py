"""Tags that others found on items, such as image models: what each source says, row by row."""

import re
from collections.abc import Callable

import polars as pl

from graph.importing.batches import Batch, Reasons
from graph.importing.declared import Declared, Outcome
from graph.importing.doubles import remember_keys, without_doubles
from graph.importing.loads import Load
from graph.importing.queries import (
    ADD_ITEM_TAGS,
    CHANGE_ITEM_TAGS,
    CLEAR_INCOMING_ITEM_TAG,
    MAKE_INCOMING_ITEM_TAG,
    MEANT_TAGS,
)
from graph.taxonomy.beliefs import refresh_items

INCOMING = "incoming_item_tag"
SOURCE = re.compile(r"[a-z][a-z0-9_-]*")
WRITTEN_OTHERWISE = {
    "human": "analysts assign tags in the API",
    "catalog": "it comes with `weft import items`",
    "lexicon": "it comes from reading titles",
}
SAID = ["item", "tag", "source", "confidence", "model", "denied"]


def check_item_tags(batch: Batch, _: Declared) -> Batch:
    """Refuse sources that are written otherwise, and confidences that are none."""
    confidence = pl.col("confidence").fill_null(1.0)
    frame = batch.frame.with_columns(confidence, pl.col("denied").fill_null(False))
    reasons = {**_reasons(frame, "confidence", _confidence), **_reasons(frame, "source", _source)}
    return batch.with_frame(frame).without(reasons)


def store_item_tags(load: Load, batch: Batch) -> Outcome:
    """Store what sources say, and bring up to date what is believed."""
    load.lock("item")
    load.lock("tag")
    batch = without_doubles(load, _digested(_meant(load, batch)), "item")
    added, changed = _upsert(load, batch.frame)
    good = batch.read - sum(reject.rows for reject in batch.rejects)
    return Outcome(batch.read, added, changed, good - added - changed, batch.rejects, batch.unknown)


def _reasons(frame: pl.DataFrame, column: str, why: Callable[..., str | None]) -> Reasons:
    wrong = {cell: said for cell in frame[column].unique() if (said := why(cell))}
    bad = frame.select("row", column).filter(pl.col(column).is_in(list(wrong)))
    return {row: (column, wrong[cell]) for row, cell in bad.iter_rows()}


def _source(name: str) -> str | None:
    if name in WRITTEN_OTHERWISE:
        return f"the source '{name}' is not imported here: {WRITTEN_OTHERWISE[name]}"
    if not SOURCE.fullmatch(name):
        return f"'{name}' is no name of a source: lower letters, digits, _ and -, a letter first"
    return None


def _confidence(value: float) -> str | None:
    return None if 0 <= value <= 1 else f"not from 0 to 1: {value:g}"


def _meant(load: Load, batch: Batch) -> Batch:
    """Put ids and the keys of the tags that are meant beside the rows; refuse unknown keys."""
    frame = batch.frame
    items = load.known("item", frame["item"].unique())
    asked = {"keys": frame["tag"].unique().to_list()}
    tags = {row.key: row for row in load.connection.execute(MEANT_TAGS, asked)}
    bad = {
        **_reasons(frame, "tag", lambda key: _unknown("tag", key, tags)),
        **_reasons(frame, "item", lambda key: _unknown("item", key, items)),
    }
    found = [tags.get(key) for key in frame["tag"]]
    columns = (
        pl.Series("item id", [items.get(key) for key in frame["item"]], pl.Int32),
        pl.Series("tag id", [tag and tag.id for tag in found], pl.Int32),
        pl.Series("meant", [tag and tag.meant for tag in found], pl.String),
    )
    return batch.with_frame(frame.with_columns(*columns)).without(bad)


def _unknown(noun: str, key: str, known: object) -> str | None:
    assert isinstance(known, dict)
    return None if key in known else f"no {noun} has the key '{key}'"


def _digested(batch: Batch) -> Batch:
    """Name each row by whom it speaks of and who speaks, and digest what is said."""
    key = pl.struct("item", pl.col("meant").alias("tag"), "source").struct.json_encode()
    digest = pl.struct("confidence", "model", "denied").hash().reinterpret(signed=True)
    return batch.with_frame(batch.frame.with_columns(key.alias("key"), digest.alias("digest")))


def _upsert(load: Load, frame: pl.DataFrame) -> tuple[int, int]:
    """Write rows that are new or differ; tells how many of each."""
    if frame.is_empty():
        return 0, 0
    ids = (pl.col("item id").alias("item"), pl.col("tag id").alias("tag"))
    execute = load.connection.execute
    execute(MAKE_INCOMING_ITEM_TAG)
    execute(CLEAR_INCOMING_ITEM_TAG)
    load.copy(INCOMING, frame.with_columns(ids).select("line", "key", "digest", *SAID))
    changed = list(execute(CHANGE_ITEM_TAGS).scalars())
    added = list(execute(ADD_ITEM_TAGS).scalars())
    items = sorted({*changed, *added})
    refresh_items(load.connection, items, load.declared.precedence)
    if items:
        load.marks["item_tag"] += len(items)
    remember_keys(load, INCOMING)
    return len(added), len(changed)
