"""Reading all items into columns: COPY, and what Arrow makes of it."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv
from sqlalchemy import Connection

from graph.catalog import Attribute, Catalog
from graph.graph import Numbers
from recall.offers import queries
from recall.offers.columns import Arrays
from recall.offers.table import wanted

WORD = pa.dictionary(pa.int32(), pa.string())
TYPES = {"number": pa.float64(), "time": pa.int64(), "boolean": pa.bool_()}
BLOCK = 2**30  # bytes that are read at once; no row may be longer
MISSING = {"number": 0.0, "time": 0, "boolean": False}


def read_arrays(connection: Connection, catalog: Catalog, since: datetime | None) -> Arrays:
    """Read all items that are not removed, or those of them that changed since a moment."""
    columns = list(wanted(catalog).items())
    types = {name: _type(attribute) for name, attribute in columns}
    rows = _copied(connection, queries.copy_rows(columns, since), {"id": pa.int32(), **types})
    order = np.argsort(_plain(rows["id"]), kind="stable")
    ids = _plain(rows["id"])[order]
    found: dict[str, NDArray[Any]] = {"weft.ids": ids}
    for name, attribute in columns:
        cells = rows[name].take(pa.array(order))
        parts = _cells(cells, attribute)
        if attribute.many:
            parts |= _entries(connection, queries.copy_words(name, since), WORD, ids)
        found |= {f"{name}.{part}": array for part, array in parts.items()}
    tags = _entries(connection, queries.copy_tags(since), pa.int32(), ids)
    return {**found, "weft.tags": tags["codes"], "weft.starts": tags["starts"]}


def read_changed(connection: Connection, since: datetime) -> tuple[Numbers, NDArray[np.int64]]:
    """Read which items changed since a moment, by rising ids, and when."""
    statement = queries.copy_changed(since)
    rows = _copied(connection, statement, {"id": pa.int32(), "at": pa.int64()})
    ids, times = _plain(rows["id"]), _plain(rows["at"])
    order = np.argsort(ids)
    return ids[order], times[order]


def _type(attribute: Attribute) -> Any:
    if attribute.many:
        return pa.bool_()
    return TYPES.get(attribute.type, WORD)


def _copied(connection: Connection, statement: str, types: Mapping[str, Any]) -> pa.Table:
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        content = b"".join(map(bytes, copy))
    if not content:
        return pa.table({name: pa.array([], kind) for name, kind in types.items()})
    return csv.read_csv(
        io.BytesIO(content),
        csv.ReadOptions(
            use_threads=False, block_size=min(len(content), BLOCK), column_names=list(types)
        ),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types=dict(types),
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,  # what is quoted is a word, even if it is empty
        ),
    )


def _plain(column: Any) -> NDArray[Any]:
    return np.asarray(column.combine_chunks().to_numpy(zero_copy_only=False))


def _cells(cells: Any, attribute: Attribute) -> dict[str, NDArray[Any]]:
    if attribute.many:
        return {"there": _plain(cells)}
    if attribute.type in MISSING:
        there = _plain(pc.is_valid(cells))
        return {"values": _plain(pc.fill_null(cells, MISSING[attribute.type])), "there": there}
    return _words(cells)


def _words(cells: Any) -> dict[str, NDArray[Any]]:
    """Number words in the order of their bytes; -1 is none."""
    one = cells.unify_dictionaries().combine_chunks()
    order = np.asarray(pc.array_sort_indices(one.dictionary.cast(pa.binary())))
    numbers = np.append(np.argsort(order), -1).astype(np.int32)
    codes = one.indices.fill_null(len(order)).to_numpy(zero_copy_only=False)
    words = one.dictionary.cast(pa.large_binary()).take(pa.array(order))
    return {"codes": numbers[codes], **_written(words)}


def _written(words: Any) -> dict[str, NDArray[Any]]:
    lengths = np.asarray(pc.binary_length(words)).astype(np.int64)
    content = b"".join(words.to_pylist())
    return {"text": np.frombuffer(content, np.uint8), "ends": np.cumsum(lengths)}


def _entries(
    connection: Connection, statement: str, kind: Any, ids: Numbers
) -> dict[str, NDArray[Any]]:
    """Read what rows have several of, row by row."""
    entries = _copied(connection, statement, {"id": pa.int32(), "one": kind})
    owners = _plain(entries["id"])
    order = np.argsort(owners, kind="stable")
    ones = entries["one"].take(pa.array(order))
    parts = {"codes": _plain(ones).astype(np.int32)} if kind is not WORD else _words(ones)
    starts = np.append(np.searchsorted(owners[order], ids), len(owners)).astype(np.int64)
    return {**parts, "starts": starts}
