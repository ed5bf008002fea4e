"""What every format gives: rows in chunks, as columns, each row with its place in the source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

ROWS = 50_000
SHOWN = 1_000


@dataclass(frozen=True)
class Reject:
    """A row that was not loaded: where it stood and what is wrong with it."""

    line: int
    column: str | None
    reason: str
    row: Any = None
    rows: int = 1


@dataclass(frozen=True)
class Source:
    """A file to read: which columns are wanted, which must be there, whom to tell of progress."""

    path: Path
    wanted: Callable[[str], bool]
    needed: tuple[str, ...] = ()
    encoding: str = "utf-8"
    tell: Callable[[int], None] = lambda _: None


@dataclass(frozen=True)
class Chunk:
    """Some rows as they came; columns that nobody wants are only counted."""

    frame: pl.DataFrame
    lines: Sequence[int]
    raw: Callable[[int], Any]
    rejects: tuple[Reject, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)


def shown(row: object) -> object:
    """Cut a row to what a rejects file has room for."""
    if isinstance(row, bytes):
        row = row[: 4 * SHOWN].decode(errors="replace")
    return row[:SHOWN] if isinstance(row, str) else row
