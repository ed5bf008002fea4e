"""The same key twice in one file: the first row counts, later ones that differ are refused."""

import polars as pl

from graph.importing.batches import Batch
from graph.importing.loads import Load
from graph.importing.queries import CLEAR_SEEN, MAKE_SEEN, SEEN, remember


def forget_keys(load: Load) -> None:
    """Begin a file: keys of another file are no doubles."""
    load.connection.execute(MAKE_SEEN)
    load.connection.execute(CLEAR_SEEN)
    load.remembers = False


def remember_keys(load: Load, incoming: str) -> None:
    """Keep the keys that were stored, for the chunks that follow."""
    if load.several:
        load.connection.execute(remember(incoming))
        load.remembers = True


def without_doubles(load: Load, batch: Batch, column: str = "key") -> Batch:
    """Take rows out whose key (by `key` and `digest`) has come before; equal ones just go."""
    frame = batch.frame
    own = frame.select("key", "line", "digest").unique("key", keep="first", maintain_order=True)
    former = pl.concat([_former(load, frame), own]).unique("key", keep="first")
    columns = {"line": "first line", "digest": "first digest"}
    paired = frame.join(former.rename(columns), "key", maintain_order="left")
    later = paired.filter(pl.col("line") != pl.col("first line"))
    if later.is_empty():
        return batch
    differ = later.filter(pl.col("digest") != pl.col("first digest")).select(
        "row", "key", "first line"
    )
    reasons = {
        row: (column, f"the key '{key}' stands in line {line} already, with other values")
        for row, key, line in differ.iter_rows()
    }
    left = batch.without(reasons)
    return left.only(~pl.col("row").is_in(later["row"].implode()))


def _former(load: Load, frame: pl.DataFrame) -> pl.DataFrame:
    keys = {"keys": frame["key"].to_list()}
    rows = load.connection.execute(SEEN, keys).all() if load.remembers else []
    schema = {"key": pl.String, "line": pl.Int64, "digest": pl.Int64}
    return pl.DataFrame([tuple(row) for row in rows], schema, orient="row")
