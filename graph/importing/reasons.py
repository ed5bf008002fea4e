"""What to tell somebody whose cell could not be read."""

from typing import Any

from graph.importing.expected import Column

NEEDED = {
    "word": "a word is needed",
    "text": "text is needed",
    "number": "not a number; 1299.00 or 1,299.00 is",
    "whole": "not a whole number from 0 to 2,147,483,647",
    "time": "not a time; 2026-05-01T12:00:00+08:00 is",
    "boolean": "neither true nor false",
}
ROOM = 60


def reason(column: Column, cell: Any) -> str:
    """Say what is wrong with a cell that its column could not read."""
    if isinstance(cell, list | tuple) and not column.many:
        return "one value is needed, not a list"
    parts = cell if isinstance(cell, list | tuple) else [cell]
    texts = [part for part in parts if isinstance(part, str)]
    if any("\0" in text for text in texts):
        return "contains a NUL character"
    if any("\ud800" <= letter <= "\udfff" for text in texts for letter in text):
        return "contains half a character (a lone surrogate)"
    if column.kind in ("word", "text") and len(texts) == len(parts):
        return f"longer than {column.longest:,} characters"
    return f"{NEEDED[column.kind]}: {_shown(cell)}"


def _shown(cell: Any) -> str:
    text = repr(cell)
    return text if len(text) <= ROOM else f"{text[:ROOM]}…"
