"""Texts in, annotations out: all passes over a batch, then one value for each text."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from nlp.ambiguity import Heard, Meanings, mean
from nlp.annotation import Annotation, Opinion, Source, Span
from nlp.bonds import Learned, bonds
from nlp.characters import DIGIT, LETTER
from nlp.collecting import collector_held
from nlp.compiled import Bytes, Codes, Longs, compiled
from nlp.confidence import Calibration, as_it_is, confidences, kinds_of
from nlp.cooccurrence import no_company
from nlp.finding import find_words
from nlp.folding import Folded, decode, fold
from nlp.hearing import heard
from nlp.lexicon import Lexicon
from nlp.matching import Spans, match
from nlp.noise import stop_words
from nlp.reasons import sentences
from nlp.segmenting import GAP, Tokens, segment
from nlp.units import Measure, measures

_AT_ONCE = 4096
EVEN = ord("均")  # 均码: one size
SOURCES: tuple[Source, ...] = ("lexicon", "fuzzy")


@dataclass(frozen=True)
class Reading:
    """How to read: what was learned beforehand, and what is never a keyword."""

    company: Learned = field(default_factory=lambda: Learned(no_company()))
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
    """One batch."""
    folded = fold(texts)
    known = heard(folded, lexicon, hints, opinions)
    read = read_batch(folded, lexicon, reading, known)
    whole = decode(folded.codes)
    start = folded.start.tolist()
    columns = (
        texts,
        span_lists(read, lexicon, reading, opinions, texts),
        measure_lists(whole, start, folded),
        keyword_lists(whole, read, reading.stop_words),
        token_lists(read),
    )
    for text, spans, numbers, keywords, tokens in zip(*columns, strict=True):
        yield Annotation(text, lexicon.version, spans, numbers, keywords, tokens)


def read_batch(folded: Folded, lexicon: Lexicon, reading: Reading, known: Heard) -> Read:
    """Find, segment, match, and decide what is meant."""
    net = lexicon.net
    words, gaps = find_words(folded, net)
    tokens = segment(folded, words, net)
    spans = match(folded, words, gaps, tokens, net)
    return Read(folded, tokens, spans, mean(spans, net, bonds(lexicon, reading.company), known))


def span_lists(
    read: Read,
    lexicon: Lexicon,
    reading: Reading,
    opinions: Sequence[Sequence[Opinion]] | None,
    texts: Sequence[str],
) -> Iterator[tuple[Span, ...]]:
    """Spans of every text, with what only the entity model saw."""
    folded, spans, meanings = read.folded, read.spans, read.meanings
    kinds = kinds_of(spans, meanings, lexicon.net)
    sure = confidences(spans, meanings, kinds, reading.calibration)
    facet = lexicon.net.facet[meanings.place].tolist()
    columns = (
        folded.first[spans.start].tolist(),
        folded.last[spans.end - 1].tolist(),
        lexicon.net.number[meanings.place].tolist(),
        [lexicon.facets[at] for at in facet],
        [SOURCES[slips > 0] for slips in spans.slips.tolist()],
        np.round(sure, 4).tolist(),
        sentences(spans, kinds, meanings.reason),
    )
    every = list(map(Span, *columns))
    for text, (low, high) in enumerate(pairwise(spans.first.tolist())):
        mine = tuple(span for span in every[low:high] if span.confidence >= reading.least)
        yield mine if opinions is None else with_opinions(mine, opinions[text], texts[text])


def with_opinions(
    spans: tuple[Span, ...], opinions: Sequence[Opinion], text: str
) -> tuple[Span, ...]:
    """Add the entities that touch no span."""
    taken = [(span.start, span.end) for span in spans]
    new = [
        Span(max(0, one.start), one.end, None, one.facet, "ner", one.confidence, "entity model")
        for one in opinions
        if one.start < one.end <= len(text)
        and all(one.end <= start or end <= one.start for start, end in taken)
    ]
    return tuple(sorted((*spans, *new))) if new else spans


def measure_lists(
    whole: str, start: Sequence[int], folded: Folded
) -> Iterator[tuple[Measure, ...]]:
    """Measures of every text, placed in the original."""
    hopeful = may_measure(folded.codes, folded.kind, folded.start).tolist()
    for text, (low, high) in enumerate(pairwise(start)):
        yield placed(measures(whole[low:high]), folded, low) if hopeful[text] else ()


def placed(found: Sequence[Measure], folded: Folded, low: int) -> tuple[Measure, ...]:
    """The same measures with offsets into the original."""
    first, last = folded.first, folded.last
    return tuple(
        Measure(int(first[low + one[0]]), int(last[low + one[1] - 1]), *one[2:]) for one in found
    )


@compiled
def may_measure(codes: Codes, kind: Bytes, start: Longs) -> Bytes:
    """Texts with a digit, or with an S, M, L or XL that stands alone."""
    found = np.zeros(len(start) - 1, np.uint8)
    for text in range(len(found)):
        run, size = 0, True
        for at in range(start[text], start[text + 1] + 1):
            letter = at < start[text + 1] and kind[at] == LETTER
            if run > 0 and size and not letter:
                found[text] = 1
            run, size = (run + 1, size and sizelike(codes[at])) if letter else (0, True)
            if at < start[text + 1] and (kind[at] == DIGIT or codes[at] == EVEN):
                found[text] = 1
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
    for low, high in pairwise((2 * np.searchsorted(begin, read.folded.start)).tolist()):
        yield tuple(every[low:high])


def keyword_lists(whole: str, read: Read, stop: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Mentions and other words of two letters or more, each once."""
    begin, end = keyword_places(
        read.folded.kind, read.tokens.end, read.spans.start, read.spans.end
    )
    ends = end.tolist()
    words = [whole[low:high] for low, high in zip(begin.tolist(), ends, strict=True)]
    for low, high in pairwise(np.searchsorted(begin, read.folded.start).tolist()):
        yield tuple(dict.fromkeys(word for word in words[low:high] if word not in stop))


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
        at = high if mention or (high > at and (span == len(start) or high <= start[span])) else at + 1
    return begin[:used], after[:used]


@compiled
def wordlike(kind: Bytes, at: int, high: int) -> bool:
    """Letters of some script, and no number in front."""
    return kind[at] in (1, 3, 5) and kind[high - 1] in (1, 3, 5)
