"""A shop to load files into, and what can be asked of it afterwards."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from graph.columns import sync_columns
from graph.importing.declared import Declared, Outcome
from graph.importing.files import Options, Summary, load_files
from graph.importing.rows import load_rows
from tests.graph.reading import CATALOG, DECLARED


@dataclass
class Shop:
    """A database, a folder for files, and the declarations."""

    engine: Engine
    folder: Path
    declared: Declared = DECLARED

    def __post_init__(self) -> None:
        with self.engine.begin() as connection:
            sync_columns(connection, CATALOG)

    def write(self, name: str, content: bytes | str | Iterable[Mapping[str, Any]]) -> Path:
        path = self.folder / name
        if isinstance(content, str):
            content = content.encode()
        if not isinstance(content, bytes):
            content = "".join(f"{json.dumps(row)}\n" for row in content).encode()
        path.write_bytes(content)
        return path

    def load(self, subject: str, content: Any, name: str = "rows.jsonl", **options: Any) -> Summary:
        path = self.write(name, content)
        chosen = Options(rejects=self.folder / "rejects.jsonl", **options)
        return load_files(self.engine, subject, [path], self.declared, chosen)

    def rows(self, subject: str, *rows: Mapping[str, Any]) -> Outcome:
        with self.engine.begin() as connection:
            return load_rows(connection, subject, rows, self.declared)

    def rejects(self, name: str = "rejects.jsonl") -> list[dict[str, Any]]:
        path = self.folder / name
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def ask(self, question: str) -> list[Any]:
        with self.engine.connect() as connection:
            rows = connection.execute(text(question)).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in rows]


def item(key: str, **cells: Any) -> dict[str, Any]:
    return {"key": key, "title": key.upper(), **cells}


def click(number: int, **cells: Any) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "time": f"2026-05-01T00:00:{number % 60:02}Z",
        "kind": "click",
        "person": "ann",
        "item": "a",
        **cells,
    }


def counts(summary: Summary) -> tuple[int, int, int, int, int]:
    """Give read, added, changed, unchanged, rejected; the last four always make up the first."""
    outcome = summary.outcome
    parts = (outcome.added, outcome.changed, outcome.unchanged, summary.rejected)
    assert outcome.read == sum(parts), summary
    return (outcome.read, *parts)
