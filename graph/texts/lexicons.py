"""The lexicon of the taxonomy as it stands, compiled once and then only brought up to date."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection

from graph.taxonomy.lexicon import LabelRow, TagRow, lexicon_changes, lexicon_rows
from nlp.compiling import build_lexicon, changed
from nlp.lexicon import Change, Label, LabelKind, Lexicon, TagEntry


@dataclass(frozen=True)
class Known:
    """A lexicon, and the last change of the taxonomy that it knows of."""

    lexicon: Lexicon
    change: int


def open_lexicon(connection: Connection, languages: frozenset[str]) -> Known:
    """Compile the whole taxonomy."""
    rows = lexicon_rows(connection)
    labels = [_label(row) for row in rows.labels if _spoken(row, languages)]
    return Known(build_lexicon([_entry(row) for row in rows.tags], labels), rows.change)


def renew(connection: Connection, known: Known, languages: frozenset[str]) -> Known:
    """Bring a lexicon up to date; whoever uses the old one is not disturbed."""
    rows = lexicon_changes(connection, known.change)
    if rows.change == known.change:
        return known
    changes = [
        Change(
            now.id,
            _entry(now.tag) if now.tag else None,
            tuple(_label(row) for row in now.labels if _spoken(row, languages)),
        )
        for now in rows.tags
    ]
    return Known(changed(known.lexicon, changes), rows.change)


def _entry(row: TagRow) -> TagEntry:
    return TagEntry(*row)


def _label(row: LabelRow) -> Label:
    return Label(row.tag, row.language, cast(LabelKind, row.kind), row.text)


def _spoken(row: LabelRow, languages: frozenset[str]) -> bool:
    return row.language == "und" or row.language in languages
