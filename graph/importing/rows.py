"""Rows that come from a program and not from a file, such as the events that a page sends."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from graph.importing.declared import Declared, Outcome


def load_rows(
    connection: Connection, subject: str, rows: Sequence[Mapping[str, Any]], declared: Declared
) -> Outcome:
    """Load rows of `item`, `person`, `event` or `tag` in the caller's transaction."""
    raise NotImplementedError(subject)
