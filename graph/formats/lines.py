"""A text file as lines, in blocks: a line that is too long is never held whole."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from graph.formats.chunks import Reject, Source, shown
from weft.errors import ImportFailed

BLOCK = 4 * 2**20
LONGEST = 2**20
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ASCII = bytes(range(128)).replace(b"\x1b", b"")


@dataclass(frozen=True)
class Lines:
    """Whole lines without their ends; those that were too long are empty here and rejected."""

    first: int
    lines: list[bytes]
    rejects: tuple[Reject, ...] = ()


def read_lines(source: Source) -> Iterator[Lines]:
    """Read blocks of lines."""
    check_encoding(source.encoding)
    rest, number, skipping = b"", 1, False
    with source.path.open("rb") as file:
        rest = _without_mark(source, file.read(4))
        while block := file.read(BLOCK):
            source.tell(len(block))
            if skipping:
                _, newline, block = block.partition(b"\n")
                skipping = not newline
                rest = b"" if newline else rest
                number += bool(newline)
                if skipping:
                    continue
            lines = (rest + block).split(b"\n")
            rest = lines.pop()
            yield _cut(number, lines)
            number += len(lines)
            if len(rest) > LONGEST:
                yield Lines(number, [], (_too_long(number, rest),))
                rest, skipping = b"", True
    if rest:
        yield _cut(number, [rest])


def check_encoding(encoding: str) -> None:
    """Refuse encodings in which a newline or a comma may be half of something else."""
    try:
        plain = ASCII.decode(encoding) == ASCII.decode("ascii")
    except LookupError:
        raise ImportFailed(
            f"--encoding {encoding}: no such encoding; gb18030 and utf-8 are usual"
        ) from None
    except UnicodeDecodeError:
        plain = False
    if not plain:
        raise ImportFailed(
            f"--encoding {encoding}: not a superset of ASCII; save the file as UTF-8"
        )


def is_utf8(encoding: str) -> bool:
    """Tell whether an encoding is UTF-8 under any of its names."""
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


def undecodable(encoding: str) -> str:
    """Say that bytes are not in the encoding, and what might help."""
    hint = "; try --encoding gb18030" if is_utf8(encoding) else ""
    return f"not {encoding}{hint}"


def _without_mark(source: Source, start: bytes) -> bytes:
    source.tell(len(start))
    if start.startswith(WIDE) and b"\0" in start:
        raise ImportFailed(f"{source.path}: UTF-16 or UTF-32; save it as UTF-8 and import again")
    return start.removeprefix(codecs.BOM_UTF8)


def _cut(first: int, lines: list[bytes]) -> Lines:
    if max(map(len, lines), default=0) <= LONGEST:
        return Lines(first, lines)
    long = [i for i, line in enumerate(lines) if len(line) > LONGEST]
    rejects = tuple(_too_long(first + i, lines[i]) for i in long)
    for i in long:
        lines[i] = b""
    return Lines(first, lines, rejects)


def _too_long(number: int, line: bytes) -> Reject:
    return Reject(number, None, "longer than 1 MiB; cut here to its beginning", shown(line))
