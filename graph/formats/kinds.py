"""The formats that can be imported. A new one is a file beside this and a line here."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from graph.formats import csv, jsonl, parquet
from graph.formats.chunks import Chunk, Source
from weft.errors import ImportFailed

FORMATS: Mapping[str, Callable[[Source], Iterator[Chunk]]] = {
    "jsonl": jsonl.read,
    "csv": csv.read,
    "parquet": parquet.read,
}
ENDINGS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}


def format_of(path: Path, named: str | None = None) -> str:
    """Tell a file's format by its name, unless it was named outright."""
    kind = named or ENDINGS.get(path.suffix.lower())
    if kind is None or kind not in FORMATS:
        raise ImportFailed(f"{path}: which format is it? --format is one of {', '.join(FORMATS)}")
    return kind
