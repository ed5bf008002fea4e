"""Rows that come from a program and not from a file, such as the events that a page sends."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from graph.formats.chunks import Chunk, Source
from graph.formats.objects import columns_of
from graph.importing.declared import Declared, Outcome, total
from graph.importing.loads import Load
from graph.importing.subjects import read_subject, subject_of


def load_rows(
    connection: Connection, subject: str, rows: Sequence[Mapping[str, Any]], declared: Declared
) -> Outcome:
    """Load rows of `item`, `person`, `event`, `tag` or `item_tag` in the caller's transaction."""
    what = subject_of(subject)
    expected = what.expected(declared)
    source = Source(Path(), lambda name: expected.find(name) is not None)
    frame, unknown = columns_of(rows, source)
    chunk = Chunk(frame, range(len(rows)), rows.__getitem__, (), unknown)
    load = Load(connection, declared)
    what.begin(load)
    batch = read_subject(what, chunk, declared)
    stored = what.store(load, batch)
    outcome = replace(total(stored, what.finish(load)), fresh=stored.fresh)
    load.settle()
    return outcome
