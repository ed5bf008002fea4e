"""JSON Lines: one object a line."""

from collections.abc import Iterator
from typing import Any

import orjson

from graph.formats.chunks import ROWS, Chunk, Reject, Source, shown
from graph.formats.lines import Lines, is_utf8, read_lines, undecodable
from graph.formats.objects import columns_of


def read(source: Source) -> Iterator[Chunk]:
    """Read a file of JSON lines."""
    for block in read_lines(source):
        for start in range(0, len(block.lines) or 1, ROWS):
            part = Lines(block.first + start, block.lines[start : start + ROWS])
            yield _chunk(part, source, block.rejects if start == 0 else ())


def _chunk(block: Lines, source: Source, rejects: tuple[Reject, ...]) -> Chunk:
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    bad = list(rejects)
    recode = None if is_utf8(source.encoding) else source.encoding
    for number, line in enumerate(block.lines, block.first):
        if not line or line.isspace():
            continue
        try:
            row = orjson.loads(line if recode is None else line.decode(recode))
        except (orjson.JSONDecodeError, UnicodeDecodeError) as error:
            bad.append(Reject(number, None, _why(line, error, source.encoding), shown(line)))
            continue
        if type(row) is dict:
            rows.append(row)
            numbers.append(number)
        else:
            bad.append(Reject(number, None, "a JSON object {…} is needed", shown(line)))
    frame, unknown = columns_of(rows, source)
    return Chunk(frame, numbers, rows.__getitem__, tuple(bad), unknown)


def _why(line: bytes, error: ValueError, encoding: str) -> str:
    if b"\0" in line:
        return "contains a NUL character"
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return undecodable(encoding)
    return f"not JSON: {str(error).split(': line')[0]}"
