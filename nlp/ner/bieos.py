"""The file format of annotated titles: a character, a tab and its tag a line; a blank line ends."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from nlp.ner.samples import Sample, Span
from weft.errors import WeftError


class BadAnnotation(WeftError):
    """A line of an annotated file is not a character, a tab and one of B-, I-, E-, S-label or O."""

    code = "ANNOTATION"


def read_samples(path: Path) -> list[Sample]:
    """Read the titles of one file, in order."""
    lines = path.read_text("utf-8").split("\n")
    rows = [_row(path, number, line) for number, line in enumerate(lines, 1)]
    groups = groupby(rows, key=lambda row: row is None)
    return [_sample([row for row in rows if row]) for blank, rows in groups if not blank]


def read_gazetteers(folder: Path) -> dict[str, tuple[str, ...]]:
    """Read every `*.dic`; files whose names differ by digits only are one gazetteer."""
    kinds: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*.dic")):
        words = (line.strip() for line in path.read_text("utf-8").split("\n"))
        kinds.setdefault(path.stem.rstrip("0123456789"), set()).update(w for w in words if w)
    return {kind: tuple(sorted(words)) for kind, words in kinds.items()}


def spans_of(tags: Iterable[str]) -> Iterator[Span]:
    """Read entities off tags; an entity that is not closed properly is none."""
    start = -1
    label = ""
    for place, tag in enumerate(tags):
        head, _, here = tag.partition("-")
        if head in ("B", "S"):
            start, label = place, here
        if head in ("E", "S") and start >= 0 and here == label:
            yield Span(start, place + 1, label)
        if head in ("O", "E", "S") or here != label:
            start = -1


def _row(path: Path, number: int, line: str) -> tuple[str, str] | None:
    line = line.rstrip("\r")
    if "\t" not in line:
        if line.strip():
            raise BadAnnotation(f"{path}:{number}: '{line}' has no tab; write character, tab, tag")
        return None
    character, tag = line.rsplit("\t", 1)
    if tag != "O" and tag[:2] not in ("B-", "I-", "E-", "S-"):
        raise BadAnnotation(f"{path}:{number}: tag '{tag}'; write O or B-, I-, E-, S- and a label")
    return character, tag


def _sample(rows: list[tuple[str, str]]) -> Sample:
    """Join rows to a title; what stands before the tab may be more than one character."""
    starts = [0]
    for character, _ in rows:
        starts.append(starts[-1] + len(character))
    spans = spans_of(tag for _, tag in rows)
    moved = tuple(Span(starts[s.start], starts[s.end], s.label) for s in spans)
    return Sample("".join(character for character, _ in rows), moved)
