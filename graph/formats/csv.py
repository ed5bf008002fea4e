"""CSV: a header, then rows of as many cells; a quoted cell may span lines."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from graph.formats.chunks import ROWS, Chunk, Reject, Source, shown
from graph.formats.lines import LONGEST, read_lines, undecodable
from weft.errors import ImportFailed

CELL = re.compile(r'"((?:[^"]|"")*)"(?:,|\Z)|([^,]*)(?:,|\Z)')
MOST_LINES = 1_000


@dataclass(frozen=True)
class Line:
    """One line of the file, or why it cannot be read."""

    number: int
    text: str
    reject: Reject | None = None


@dataclass
class Table:
    """Rows under way to a chunk."""

    numbers: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    def full(self) -> bool:
        """Tell whether it is time for another chunk."""
        return len(self.cells) + len(self.rejects) >= ROWS


def read(source: Source) -> Iterator[Chunk]:
    """Read a file of comma-separated values."""
    lines = Lookahead(_lines(source))
    header = _header(lines, source)
    table = Table()
    while (line := lines.take()) is not None:
        if line.text.strip() or line.reject is not None:
            _row(line, lines, len(header), table)
        if table.full():
            yield _chunk(table, header, source)
            table = Table()
    yield _chunk(table, header, source)


class Lookahead:
    """Lines that may be looked at before they are taken."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = iter(lines)
        self.seen: deque[Line] = deque()

    def take(self) -> Line | None:
        """Take the next line."""
        return self.seen.popleft() if self.seen else next(self.lines, None)

    def peek(self, ahead: int) -> Line | None:
        """Look at the line that is `ahead` after the next one."""
        while len(self.seen) <= ahead:
            line = next(self.lines, None)
            if line is None:
                return None
            self.seen.append(line)
        return self.seen[ahead]


def _lines(source: Source) -> Iterator[Line]:
    for block in read_lines(source):
        long = {reject.line: reject for reject in block.rejects}
        for number, line in enumerate(block.lines, block.first):
            if number in long:
                yield Line(number, "", long.pop(number))
            else:
                yield _decoded(number, line.removesuffix(b"\r"), source.encoding)
        yield from (Line(number, "", reject) for number, reject in long.items())


def _decoded(number: int, line: bytes, encoding: str) -> Line:
    if b"\0" in line:
        return Line(number, "", Reject(number, None, "contains a NUL character", shown(line)))
    try:
        return Line(number, line.decode(encoding))
    except UnicodeDecodeError:
        return Line(number, "", Reject(number, None, undecodable(encoding), shown(line)))


def _header(lines: Lookahead, source: Source) -> list[str]:
    line = lines.take()
    while line is not None and not line.text.strip() and line.reject is None:
        line = lines.take()
    if line is None:
        return list(source.needed)
    if line.reject is not None:
        raise ImportFailed(
            f"{source.path}:{line.number}: the header cannot be read: {line.reject.reason}"
        )
    names = [name.strip() for name in cells_of(line.text) or []]
    place = f"{source.path}:{line.number}: the header"
    if not names or "" in names:
        raise ImportFailed(f"{place} has a column without a name: {line.text[:200]}")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ImportFailed(f"{place} names a column twice: {', '.join(twice)}")
    missing = [name for name in source.needed if name not in names]
    if missing:
        raise ImportFailed(
            f"{place} has no column {', '.join(missing)}; it has {', '.join(names[:20])}"
        )
    return names


def _row(line: Line, lines: Lookahead, width: int, table: Table) -> None:
    if line.reject is not None:
        table.rejects.append(line.reject)
        return
    cells, text = cells_of(line.text), line.text
    if cells is None:
        cells, text = _joined(line, lines, width)
    if cells is None or len(cells) != width:
        reason = "a quote is opened and never closed" if cells is None else _width(cells, width)
        table.rejects.append(Reject(line.number, None, reason, shown(line.text)))
        return
    table.numbers.append(line.number)
    table.texts.append(text)
    table.cells.append(cells)


def _width(cells: list[str], width: int) -> str:
    return f"{len(cells)} cells where the header has {width}"


def cells_of(text: str) -> list[str] | None:
    """Split a record into cells; None where a quote is opened and not closed before a comma."""
    if '"' not in text:
        return text.split(",")
    cells, place = [], 0
    while True:
        match = CELL.match(text, place)
        if match is None or (text.startswith('"', place) and match[1] is None):
            return None
        cells.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        place = match.end()
        if not match[0].endswith(","):
            return cells


def _joined(opening: Line, lines: Lookahead, width: int) -> tuple[list[str] | None, str]:
    """Join a cell that spans lines, unless it would swallow a row that is good by itself."""
    text = opening.text
    for ahead in range(MOST_LINES):
        line = lines.peek(ahead)
        if line is None or line.reject is not None or len(text) > LONGEST:
            break
        if _stands_alone(line.text, width):
            break
        text = f"{text}\n{line.text}"
        cells = cells_of(text) if '"' in line.text else None
        if cells is not None:
            if len(cells) != width:
                break
            for _ in range(ahead + 1):
                lines.take()
            return cells, text
    return None, opening.text


def _stands_alone(text: str, width: int) -> bool:
    cells = cells_of(text) if text.strip() else None
    if cells is None or len(cells) != width:
        return False
    return '"' not in re.sub(r'"(?:[^"]|"")*"', "", text)


def _chunk(table: Table, header: list[str], source: Source) -> Chunk:
    columns = list(zip(*table.cells, strict=True)) or [()] * len(header)
    named = dict(zip(header, columns, strict=True))
    frame = pl.DataFrame(
        [pl.Series(name, cells, pl.String) for name, cells in named.items() if source.wanted(name)]
    )
    unknown = {name: len(table.cells) for name in header if not source.wanted(name)}
    return Chunk(frame, table.numbers, table.texts.__getitem__, tuple(table.rejects), unknown)
