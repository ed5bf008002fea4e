"""Reading a small file without a database."""

from collections import Counter
from dataclasses import replace
from functools import reduce
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from graph.catalog import Catalog
from graph.formats.chunks import Reject, Source
from graph.formats.kinds import FORMATS, format_of
from graph.importing.batches import Batch, read_batch
from graph.importing.declared import Declared
from graph.importing.expected import expected_items

CATALOG = Catalog.model_validate(
    {
        "item": {
            "category": {"type": "tag", "facet": "category", "filter": True},
            "styles": {"type": "keyword", "many": True, "filter": True},
            "city": {"type": "keyword", "filter": True},
            "about": {"type": "text"},
            "price": {"type": "number", "filter": True},
            "seen_at": {"type": "time"},
            "used": {"type": "boolean"},
        },
        "user": {"city": {"type": "keyword"}, "vip": {"type": "boolean"}},
    }
)
SHANGHAI = ZoneInfo("Asia/Shanghai")
DECLARED = Declared(catalog=CATALOG, timezone=SHANGHAI)


def batches(path: Path, encoding: str = "utf-8") -> list[Batch]:
    """Read and type a file of items."""
    expected = expected_items(DECLARED)
    wanted = Source(path, lambda name: expected.find(name) is not None, expected.needed(), encoding)
    chunks = FORMATS[format_of(path)](wanted)
    return [read_batch(chunk, expected, SHANGHAI) for chunk in chunks]


def read(path: Path, content: bytes | str, encoding: str = "utf-8") -> Batch:
    """Write a file of items and read it."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    first, *others = batches(path, encoding)
    return reduce(_joined, others, first)


def _joined(one: Batch, other: Batch) -> Batch:
    return replace(
        one,
        frame=pl.concat([one.frame, other.frame]),
        read=one.read + other.read,
        rejects=(*one.rejects, *other.rejects),
        unknown=Counter(one.unknown) + Counter(other.unknown),
    )


def keys(batch: Batch) -> list[str]:
    """Give the keys of the rows that are good."""
    return batch.frame["key"].to_list()


def bad_lines(batch: Batch) -> list[int]:
    """Give the lines of the rows that are not."""
    return sorted(reject.line for reject in batch.rejects)


def only_reject(batch: Batch) -> Reject:
    """Give the one reject that there is."""
    (reject,) = batch.rejects
    return reject


def cell(batch: Batch, column: str) -> object:
    """Give the one cell of a column."""
    (value,) = batch.frame[column]
    return value.to_list() if isinstance(value, pl.Series) else value
