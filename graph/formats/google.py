"""Google's product taxonomy: `id - name > name > name`, one file a language."""

import re
from collections.abc import Iterator, Sequence

from graph.formats.chunks import Chunk, Reject, Source, shown
from graph.formats.concepts import Concept, Edition, joined
from graph.formats.languages import language_of
from graph.formats.lines import read_lines, undecodable

LINE = re.compile(r"(\d{1,20}) - (\S.*)")
STEP = " > "
Paths = dict[str, tuple[int, str]]  # line and id, by path


def read(sources: Sequence[Source], facet: str) -> Iterator[Chunk]:
    """Read files of one taxonomy together; the path above says which id is the parent."""
    return joined([_edition(source) for source in sources], "google", facet)


def _edition(source: Source) -> Edition:
    lines, rejects, note = _lines(source)
    paths: Paths = {}
    for number, identity, path in lines:
        paths.setdefault(path, (number, identity))
    concepts = []
    for number, identity, path in lines:
        above, _, name = path.rpartition(STEP)
        if above and above not in paths:
            reason = f"'{above}' has no line of its own"
            rejects.append(Reject(number, "parents", reason, shown(path), 1, source.path))
            continue
        concepts.append(Concept(number, identity, name, paths[above][1] if above else None))
    return Edition(source.path, language_of(source.path), tuple(concepts), tuple(rejects), note)


def _lines(source: Source) -> tuple[list[tuple[int, str, str]], list[Reject], str | None]:
    """Read lines as number, id and path; a first line that begins with # is kept as a note."""
    found: list[tuple[int, str, str]] = []
    rejects: list[Reject] = []
    note = None
    for block in read_lines(source):
        rejects += [Reject(r.line, None, r.reason, r.row, 1, source.path) for r in block.rejects]
        for number, raw in enumerate(block.lines, block.first):
            text = raw.decode(source.encoding, "replace").strip()
            match = LINE.fullmatch(text)
            if "\ufffd" in text:
                reason = undecodable(source.encoding)
                rejects.append(Reject(number, None, reason, shown(raw), 1, source.path))
            elif match:
                found.append((number, match[1], match[2]))
            elif text.startswith("#"):
                note = note or f"{source.path.name}: {text.lstrip('# ')[:200]}"
            elif text:
                reason = "`id - name > name` is needed"
                rejects.append(Reject(number, None, reason, shown(raw), 1, source.path))
    return found, rejects, note
