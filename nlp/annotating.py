"""Texts in, annotations out: all passes over a batch, then one value for each text."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import compress, pairwise, repeat
from typing import NamedTuple, TypeVar

import numpy as np

from nlp.ambiguity import Heard, Meanings, mean
from nlp.annotation import Annotation, Opinion, Source, Span
from nlp.bonds import bonds
from nlp.characters import DIGIT, LETTER
from nlp.collecting import collector_held
from nlp.compiled import Bytes, Codes, Flags, Longs, compiled
from nlp.confidence import Calibration, as_it_is, confidences, kinds_of
from nlp.cooccurrence import Cooccurrence, no_company
from nlp.finding import find_words
from nlp.folding import Folded, decode, fold
from nlp.hearing import Said, heard, keys, said
from nlp.lexicon import Lexicon
from nlp.matching import Spans, match
from nlp.noise import stop_words
from nlp.reasons import sentences
from nlp.segmenting import GAP, Tokens, segment
from nlp.units import DIGITS, LETTERS, Measure, measures

T = TypeVar("T")
_AT_ONCE = 4096
EVEN = ord("均")  # 均码: one size
SOURCES: tuple[Source, ...] = ("lexicon", "fuzzy")


@dataclass(frozen=True, eq=False)
class Reading:
    """How to read: what was learned beforehand, and what is never a keyword."""

    company: Cooccurrence = field(default_factory=no_company)
    calibration: Calibration = field(default_factory=as_it_is)
    stop_words: frozenset[str] = field(default_factory=stop_words)
    least: float = 0.3  # spans less sure than this are left out


class Read(NamedTuple):
    """A batch after all passes."""

    folded: Folded
    tokens: Tokens
    spans: Spans
    meanings: Meanings


def annotate(
    texts: Sequence[str],
    lexicon: Lexicon,
    reading: Reading | None = None,
    hints: Sequence[Collection[int]] | None = None,
    opinions: Sequence[Sequence[Opinion]] | None = None,
) -> list[Annotation]:
    """Annotate texts; hints are ids of tags that the catalogue knows, opinions come from NER."""
    reading = reading or Reading()
    found: list[Annotation] = []
    for low in range(0, len(texts), _AT_ONCE):
        part = slice(low, low + _AT_ONCE)
        some = hints[part] if hints is not None else None
        spoken = opinions[part] if opinions is not None else None
        with collector_held():
            found += annotated(texts[part], lexicon, reading, some, spoken)
    return found


def annotated(
    texts: Sequence[str],
    lexicon: Lexicon,
    reading: Reading,
    hints: Sequence[Collection[int]] | None,
    opinions: Sequence[Sequence[Opinion]] | None,
) -> Iterator[Annotation]:
    """One batch; `tuple.__new__` makes named tuples without a call into Python for each."""
    folded = fold(texts)
    spoken = said(opinions) if opinions is not None else None
    read = read_batch(folded, lexicon, reading, heard(folded, lexicon, hints, spoken))
    whole = decode(folded.codes)
    spans, first = spans_of(read, lexicon, reading)
    if spoken is not None:
        spans, first = with_opinions(spans, first, spoken, texts)
    columns = (
        texts,
        repeat(lexicon.version, len(texts)),
        parts(spans, first),
        measure_lists(whole, folded),
        keyword_lists(whole, read, reading.stop_words),
        token_lists(read),
    )
    return map(partial(tuple.__new__, Annotation), zip(*columns, strict=True))


def read_batch(folded: Folded, lexicon: Lexicon, reading: Reading, known: Heard) -> Read:
    """Find, segment, match, and decide what is meant."""
    net = lexicon.net
    words, gaps = find_words(folded, net)
    tokens = segment(folded, words, net)
    spans = match(folded, words, gaps, tokens, net)
    return Read(folded, tokens, spans, mean(spans, net, bonds(lexicon, reading.company), known))


def spans_of(read: Read, lexicon: Lexicon, reading: Reading) -> tuple[list[Span], Longs]:
    """Spans that are sure enough, and where those of each text begin."""
    folded, spans, meanings = read.folded, read.spans, read.meanings
    kinds = kinds_of(spans, meanings, lexicon.net)
    sure = np.round(confidences(spans, meanings, kinds, reading.calibration), 4)
    keep = np.flatnonzero(sure >= reading.least)
    place = meanings.place[keep]
    columns = (
        folded.first[spans.start[keep]].tolist(),
        folded.last[spans.end[keep] - 1].tolist(),
        lexicon.net.number[place].tolist(),
        [lexicon.facets[at] for at in lexicon.net.facet[place].tolist()],
        [SOURCES[slips > 0] for slips in spans.slips[keep].tolist()],
        sure[keep].tolist(),
        sentences(spans, kinds, meanings.reason, keep),
    )
    made = map(partial(tuple.__new__, Span), zip(*columns, strict=True))
    return list(made), np.searchsorted(keep, spans.first)


def parts(every: list[T], first: Longs) -> Iterator[tuple[T, ...]]:
    """A list in pieces."""
    return (tuple(every[low:high]) for low, high in pairwise(first.tolist()))


def with_opinions(
    spans: list[Span], first: Longs, said: Said, texts: Sequence[str]
) -> tuple[list[Span], Longs]:
    """Add the entities that touch no span."""
    free = np.flatnonzero(untouched(spans, first, said, texts))
    if not len(free):
        return spans, first
    new = [
        Span(max(0, start), end, None, said.facet[at], "ner", sure, "entity model")
        for at, start, end, sure in zip(
            *(column.tolist() for column in (free, said.start[free], said.end[free])),
            said.confidence[free].tolist(),
            strict=True,
        )
    ]
    text = np.concatenate([texts_of(first), said.text[free]])
    every = [*spans, *new]
    start, end = np.array([span[:2] for span in every]).T
    order = np.lexsort((end, start, text))
    counted = np.searchsorted(text[order], np.arange(len(texts) + 1))
    return [every[at] for at in order.tolist()], counted


def untouched(spans: list[Span], first: Longs, said: Said, texts: Sequence[str]) -> Flags:
    """Which opinions lie in their texts and beside all spans."""
    text = texts_of(first)
    begin, after = np.array([span[:2] for span in spans], np.int64).reshape(-1, 2).T
    before = np.searchsorted(keys(text, after), keys(said.text, said.start), "right")
    until = np.searchsorted(keys(text, begin), keys(said.text, said.end))
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))[said.text]
    return np.asarray((before == until) & (said.start < said.end) & (said.end <= lengths))


def texts_of(first: Longs) -> Longs:
    """For all rows in order the text that each belongs to."""
    return np.repeat(np.arange(len(first) - 1), np.diff(first))


def measure_lists(whole: str, folded: Folded) -> Iterator[tuple[Measure, ...]]:
    """Measures of every text, placed in the original."""
    hopeful = may_measure(folded.codes, folded.kind, folded.start).tolist()
    for (low, high), signs in zip(pairwise(folded.start.tolist()), hopeful, strict=True):
        yield placed(measures(whole[low:high], signs), folded, low) if signs else ()


def placed(found: Sequence[Measure], folded: Folded, low: int) -> tuple[Measure, ...]:
    """The same measures with offsets into the original; one only out of a sign such as ¼."""
    rows, until = list[Measure](), 0
    for one in found:
        start, end = int(folded.first[low + one.start]), int(folded.last[low + one.end - 1])
        if start >= until:
            rows.append(Measure(start, end, *one[2:]))
            until = end
    return tuple(rows)


@compiled
def may_measure(codes: Codes, kind: Bytes, start: Longs) -> Bytes:
    """Whether each text has digits, and whether an S, M, L or XL that stands alone."""
    found = np.zeros(len(start) - 1, np.uint8)
    for text in range(len(found)):
        run, size = 0, True
        for at in range(start[text], start[text + 1]):
            if kind[at] == DIGIT:
                found[text] |= DIGITS
            if kind[at] == LETTER:
                run, size = run + 1, size and sizelike(codes[at])
            else:
                if (run > 0 and size) or codes[at] == EVEN:
                    found[text] |= LETTERS
                run, size = 0, True
        if run > 0 and size:
            found[text] |= LETTERS
    return found


@compiled
def sizelike(code: int) -> bool:
    """A letter of XS, S, M, L, XL."""
    return code in (115, 109, 108, 120)


def token_lists(read: Read) -> Iterator[tuple[int, ...]]:
    """Where the tokens of every text begin and end, without blanks."""
    begin = np.flatnonzero((read.tokens.end > 0) & (read.tokens.how != GAP))
    end = read.tokens.end[begin] - 1
    every = np.stack([read.folded.first[begin], read.folded.last[end]], 1).ravel().tolist()
    return parts(every, 2 * np.searchsorted(begin, read.folded.start))


def keyword_lists(whole: str, read: Read, stop: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Mentions and other words of two letters or more, each once."""
    places = keyword_places(read.folded.kind, read.tokens.end, read.spans.start, read.spans.end)
    words = [whole[low:high] for low, high in zip(*(ends.tolist() for ends in places), strict=True)]
    kept = np.fromiter((word not in stop for word in words), np.bool_, len(words))
    begin = places[0][kept]
    words = list(compress(words, kept.tolist()))
    pieces = parts(words, np.searchsorted(begin, read.folded.start))
    return map(tuple, map(dict.fromkeys, pieces))


@compiled
def keyword_places(kind: Bytes, token: Longs, start: Longs, end: Longs) -> tuple[Longs, Longs]:
    """Mentions as they are; between them tokens that hold two letters and no digit first."""
    begin, after = np.empty(len(kind), np.int64), np.empty(len(kind), np.int64)
    used, span, at = 0, 0, 0
    while at < len(kind):
        mention = span < len(start) and start[span] == at
        high = end[span] if mention else token[at]
        if mention:
            span += 1
        if mention or (high > at + 1 and wordlike(kind, at, high)):
            begin[used], after[used] = at, high
            used += 1
        at = (
            high
            if mention or (high > at and (span == len(start) or high <= start[span]))
            else at + 1
        )
    return begin[:used], after[:used]


@compiled
def wordlike(kind: Bytes, at: int, high: int) -> bool:
    """Letters of some script, and no number in front."""
    return kind[at] in (1, 3, 5) and kind[high - 1] in (1, 3, 5)
