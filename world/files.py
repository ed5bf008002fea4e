"""Columns into files, in the shapes any shop would bring."""

from pathlib import Path
from types import TracebackType
from typing import IO, Literal

import numpy as np
import orjson
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from world.draws import Ints
from world.events import Events
from world.funnel import KINDS, SEARCHED
from world.span import written
from world.visits import SCENES

Format = Literal["jsonl", "parquet"]
ALPHABET = np.frombuffer(b"0123456789abcdefghijklmnopqrstuvwxyz", np.uint8)
EVENT_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("time", pa.timestamp("us", "UTC")),
        *((name, pa.string()) for name in ("kind", "person", "item", "scene")),
        ("position", pa.int32()),
        ("keyword", pa.string()),
        ("trace", pa.string()),
    ]
)


def codes(prefix: str, numbers: Ints, width: int) -> pl.Series:
    """Numbers as a letter and digits in base 36."""
    digits = np.empty((len(numbers), width + 1), np.uint8)
    digits[:, 0] = ord(prefix)
    rest = numbers.copy()
    for place in range(width, 0, -1):
        rest, digit = np.divmod(rest, 36)
        digits[:, place] = ALPHABET[digit]
    words = digits.view(f"S{width + 1}").ravel().astype(str)
    return pl.Series(words, dtype=pl.String)


def names(values: tuple[str, ...], ordinals: Ints) -> pl.Series:
    """Words by number, null for -1."""
    return pl.Series(values, dtype=pl.String).gather(nullable(ordinals))


def nullable(numbers: Ints) -> pl.Series:
    """The numbers, null for -1."""
    column = pl.Series(numbers)
    return column.set(column < 0, None)


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    """A few rows as JSONL."""
    with path.open("wb") as file:
        for row in rows:
            file.write(orjson.dumps(row) + b"\n")


def write_json(path: Path, value: object) -> None:
    """One readable JSON document."""
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")


class EventFile:
    """The log being written, block by block."""

    def __init__(self, out: Path, form: Format, people: pl.Series, items: pl.Series) -> None:
        self.people, self.items, self.count, self.form = people, items, 0, form
        (out / "events.jsonl").unlink(missing_ok=True)
        (out / "events.parquet").unlink(missing_ok=True)
        self.file: IO[bytes] = (out / f"events.{form}").open("wb")
        self.table = pq.ParquetWriter(self.file, EVENT_SCHEMA) if form == "parquet" else None

    def __enter__(self) -> "EventFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.table is not None:
            self.table.close()
        self.file.close()

    def write(self, events: Events, keywords: pl.Series) -> None:
        """Append events in their order."""
        frame = self.frame(events, keywords)
        self.count += len(events)
        if self.table is not None:
            self.table.write_table(frame.to_arrow().cast(EVENT_SCHEMA))
        else:
            frame.write_ndjson(self.file)

    def frame(self, events: Events, keywords: pl.Series) -> pl.DataFrame:
        """The events as readable columns."""
        turn = np.cumsum(events.kind == SEARCHED) - 1
        return pl.DataFrame(
            {
                "id": codes("e", self.count + np.arange(len(events)), 6),
                "time": self.times(events.time),
                "kind": names(KINDS, events.kind),
                "person": self.people.gather(events.person),
                "item": self.items.gather(nullable(events.item)),
                "scene": names(SCENES, events.scene),
                "position": nullable(events.position),
                "keyword": keywords.gather(nullable(np.where(events.kind == SEARCHED, turn, -1))),
                "trace": codes("t", events.trace, 6),
            }
        )

    def times(self, seconds: Ints) -> pl.Series:
        """Moments in the form the file wants."""
        if self.form == "parquet":
            column = pl.Series(seconds * 1_000_000).cast(pl.Datetime("us"))
            return column.dt.replace_time_zone("UTC")
        if not len(seconds):
            return pl.Series([], dtype=pl.String)
        first, last = int(seconds[0]), int(seconds[-1])
        return written(np.arange(first, last + 1)).gather(seconds - first)
