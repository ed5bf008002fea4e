"""What people asked for, and which of it the taxonomy does not know."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection

from graph.suggestions import queries
from nlp.annotating import Reading, annotate
from nlp.annotation import Annotation
from nlp.lexicon import Lexicon
from nlp.normal import normal
from weft.events import SEEN

MOST = 5_000


@dataclass(frozen=True)
class Asked:
    """Unknown words: how often each was asked for, in which queries, beside which facets."""

    counts: Mapping[str, int]
    examples: Mapping[str, Sequence[str]]
    beside: Mapping[tuple[str, str], int]

    def may_name(self, word: str, facet: str) -> bool:
        """Tell whether a word may be of a facet: not if its queries mostly name another of it."""
        return 2 * self.beside.get((word, facet), 0) < self.counts.get(word, 0)


def read_asked(
    connection: Connection, lexicon: Lexicon, reading: Reading, since: datetime
) -> Asked:
    """Read the most frequent searches and lay out what was clicked after them."""
    rows = connection.execute(queries.SEARCHED, {"since": since, "most": MOST}).all()
    read = annotate([row.keyword for row in rows], lexicon, reading)
    words = [unknown_part(one) for one in read]
    connection.execute(queries.MAKE_ASKED)
    columns = {
        "keywords": [row.keyword for row in rows],
        "words": [word or normal(row.keyword) for word, row in zip(words, rows, strict=True)],
        "open": [bool(word) for word in words],
    }
    connection.execute(queries.ADD_ASKED, columns)
    connection.execute(queries.MAKE_CLICKS, {"since": since, "kinds": list(SEEN)})
    connection.execute(queries.MAKE_LABEL_CLICKS)
    return _together(zip(words, read, [row.searches for row in rows], strict=True))


def unknown_part(read: Annotation) -> str:
    """Give the one stretch of a query that no label explains; nothing if there are several."""
    known = {
        at for span in read.spans if span.source == "lexicon" for at in range(span.start, span.end)
    }
    runs = groupby(_pieces(read.text), lambda piece: all(at in known for at in range(*piece)))
    open_runs = [list(run) for explained, run in runs if not explained]
    if len(open_runs) != 1:
        return ""
    word = normal(read.text[open_runs[0][0][0] : open_runs[0][-1][1]])
    return word if sum(letter.isalpha() for letter in word) > 1 else ""


def _pieces(text: str) -> list[tuple[int, int]]:
    """Where the parts between blanks begin and end."""
    found, at = list[tuple[int, int]](), 0
    for part in text.split():
        at = text.index(part, at)
        found.append((at, at + len(part)))
        at += len(part)
    return found


def _together(rows: Iterable[tuple[str, Annotation, int]]) -> Asked:
    counts, beside = Counter[str](), Counter[tuple[str, str]]()
    examples: dict[str, list[str]] = {}
    for word, read, searches in rows:
        if word:
            counts[word] += searches
            examples.setdefault(word, []).append(read.text)
            rest = {
                one.facet
                for one in read.spans
                if normal(read.text[one.start : one.end]) not in word
            }
            beside.update(dict.fromkeys(((word, facet) for facet in rest), searches))
    return Asked(counts, examples, beside)
