"""A taxonomy that comes as one file a language, with ids that the files share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from graph.formats.chunks import ROWS, Chunk, Reject
from weft.errors import ImportFailed


@dataclass(frozen=True)
class Concept:
    """One entry of one file: what it is called there, and what stands above it."""

    line: int
    id: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class Edition:
    """One file, in one language."""

    path: Path
    language: str
    concepts: tuple[Concept, ...]
    rejects: tuple[Reject, ...] = ()
    note: str | None = None


def joined(editions: Sequence[Edition], prefix: str, facet: str) -> Iterator[Chunk]:
    """Join editions by id; the first that has an id says where it stands."""
    _check_languages(editions)
    rows: dict[str, dict[str, Any]] = {}
    rejects = [reject for edition in editions for reject in edition.rejects]
    for edition in editions:
        seen: dict[str, Concept] = {}
        for concept in edition.concepts:
            first = seen.setdefault(concept.id, concept)
            if first is not concept:
                rejects.append(_twice(edition, first, concept))
                continue
            row = rows.setdefault(concept.id, _row(concept, prefix, facet))
            row[edition.language] = concept.name
    notes = tuple(edition.note for edition in editions if edition.note)
    return _chunks(list(rows.values()), [edition.language for edition in editions], rejects, notes)


def _check_languages(editions: Sequence[Edition]) -> None:
    languages = [edition.language for edition in editions]
    twice = sorted({language for language in languages if languages.count(language) > 1})
    if twice:
        raise ImportFailed(f"two files are in the language {', '.join(twice)}")


def _row(concept: Concept, prefix: str, facet: str) -> dict[str, Any]:
    parents = [f"{prefix}/{concept.parent}"] if concept.parent else []
    return {
        "line": concept.line,
        "key": f"{prefix}/{concept.id}",
        "facet": facet,
        "parents": parents,
    }


def _twice(edition: Edition, first: Concept, later: Concept) -> Reject:
    reason = f"the id {later.id} stands at {first.line} already, as {first.name}"
    return Reject(later.line, "key", reason, {"id": later.id, "name": later.name}, 1, edition.path)


def _chunks(
    rows: list[dict[str, Any]], languages: list[str], rejects: list[Reject], notes: tuple[str, ...]
) -> Iterator[Chunk]:
    for start in range(0, len(rows) or 1, ROWS):
        part = rows[start : start + ROWS]
        schema: dict[str, Any] = {
            "key": pl.String,
            "facet": pl.String,
            "parents": pl.List(pl.String),
        }
        schema |= dict.fromkeys(languages, pl.String)
        frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in part], schema)
        lines = [row["line"] for row in part]
        yield Chunk(frame, lines, part.__getitem__, () if start else tuple(rejects), {}, notes)
