"""The rejects file: one JSON object for each row not loaded; there at the end or not at all."""

from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import orjson

from graph.formats.chunks import SHOWN, Reject, shown

ENDING = ".rejects.jsonl"


def rejects_path(file: Path) -> Path:
    """Give the default place: the working directory, named after the file."""
    return Path.cwd() / f"{file.name}{ENDING}"


class Rejects:
    """A rejects file being written under another name."""

    def __init__(self, path: Path) -> None:
        self.path, self.hidden = path, path.with_name(f"{path.name}.part")
        self.count = 0
        self.file: IO[bytes] | None = None

    def write(self, source: Path, rejects: Iterable[Reject]) -> None:
        """Add the rejects of a file."""
        for reject in rejects:
            self.count += reject.rows
            if self.file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.file = self.hidden.open("wb")
            self.file.write(_line(source, reject))

    def close(self) -> None:
        """Give the file its name; where nothing was rejected, take away one of an earlier load."""
        if self.file is None:
            self.path.unlink(missing_ok=True)
            return
        self.file.close()
        self.hidden.replace(self.path)


class Places:
    """Where rejects go: into a file for each source, or all into one."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.files: dict[Path, Rejects] = {}

    def of(self, source: Path) -> Rejects:
        """Give the rejects file of a source."""
        path = self.path or rejects_path(source)
        return self.files.setdefault(path, Rejects(path))

    def close(self) -> None:
        """Give every file its name."""
        for file in self.files.values():
            file.close()

    def rows(self) -> int:
        """Count the rows that were rejected."""
        return sum(file.count for file in self.files.values())

    def written(self) -> tuple[Path, ...]:
        """Name the files that have something in them."""
        return tuple(path for path, file in self.files.items() if file.file is not None)


def _line(source: Path, reject: Reject) -> bytes:
    row = {
        "file": str(source),
        "line": reject.line,
        "column": reject.column,
        "reason": _writable(reject.reason),
        "row": _row(reject.row),
    }
    return orjson.dumps(row) + b"\n"


def _row(row: Any) -> Any:
    """Give the row as it came, or the beginning of its text where it is long or no JSON."""
    try:
        text = orjson.dumps(row, default=str, option=orjson.OPT_NON_STR_KEYS)
    except (orjson.JSONEncodeError, UnicodeEncodeError):
        return _writable(repr(row)[:SHOWN])
    return row if len(text) <= SHOWN * 4 and _plain(row) else shown(text)


def _plain(row: Any) -> bool:
    return isinstance(row, str | None) or (
        isinstance(row, dict) and all(map(_simple, row.values()))
    )


def _simple(cell: Any) -> bool:
    return cell is None or isinstance(cell, str | int | float | list)


def _writable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()
