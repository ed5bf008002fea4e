"""Keyword candidates of titles and queries: words and phrases, how telling, and their tags.

Candidates are mentions, words, and two words side by side. Only the most frequent are kept while
counting, so memory does not grow with the corpus.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from math import log
from typing import TypeVar

import polars as pl

from nlp.annotating import Reading, annotate
from nlp.annotation import Annotation
from nlp.inflection import counted
from nlp.lexicon import Lexicon
from nlp.normal import normal

T = TypeVar("T")
_AT_ONCE = 4096
_ROOM = 500_000
_COHESION = 2.0  # log of how many times as often as by chance
Pair = tuple[str, str, str]
_WORDS: dict[str, type[pl.DataType] | pl.DataType] = {
    "keyword": pl.String,
    "texts": pl.Int64,
    "weight": pl.Float64,
    "variants": pl.List(pl.String),
}
_LINKS: dict[str, type[pl.DataType] | pl.DataType] = {
    "keyword": pl.String,
    "tag": pl.Int64,
    "texts": pl.Int64,
}


@dataclass(frozen=True)
class Gathered:
    """Candidates of some texts: in how many each was found, and which tags were meant by it."""

    texts: int
    words: Counter[str]
    links: Counter[tuple[str, int]]


@dataclass(frozen=True)
class Keywords:
    """`words`: keyword, texts, weight, variants; `links`: keyword, tag, texts."""

    texts: int
    words: pl.DataFrame
    links: pl.DataFrame


def keywords(
    texts: Iterable[str],
    lexicon: Lexicon,
    reading: Reading | None = None,
    at_least: int = 2,
    room: int = _ROOM,
) -> Keywords:
    """Count candidates over texts, merge variants, weigh them by TF-IDF, link them to tags."""
    known = reading or Reading()
    return together([gather(((text, 1) for text in texts), lexicon, known, room=room)], at_least)


def gather(
    texts: Iterable[tuple[str, int]],
    lexicon: Lexicon,
    reading: Reading,
    more: Callable[[str], Iterable[str]] = lambda _: (),
    room: int = _ROOM,
) -> Gathered:
    """Count candidates over texts that were each said so many times; `more` finds further ones."""
    words, pairs, links, size = Counter[str](), Counter[Pair](), Counter[tuple[str, int]](), 0
    for batch in batches(texts):
        found = annotate([text for text, _ in batch], lexicon, reading)
        for read, (text, times) in zip(found, batch, strict=True):
            size += times
            count(words, {*read.keywords, *more(text)}, times)
            count(pairs, phrases(read, reading.stop_words), times)
            count(links, linked(read), times)
        words, pairs, links = roomy(words, room), roomy(pairs, room), roomy(links, room)
    words.update(holding(pairs, words, size))
    return Gathered(size, words, links)


def count(counts: Counter[T], found: Iterable[T], times: int) -> None:
    """Add what was found so many times."""
    for one in found:
        counts[one] += times


def together(parts: Sequence[Gathered], at_least: int) -> Keywords:
    """Weigh what was gathered from several places as one."""
    size, words, links = 0, Counter[str](), Counter[tuple[str, int]]()
    for part in parts:
        size += part.texts
        words.update(part.words)
        links.update(part.links)
    whole = variants(words)
    groups = {word: forms for word, forms in whole.items() if sum(forms.values()) >= at_least}
    return Keywords(size, weighed(groups, size), link_frame(links, groups))


def candidates(read: Annotation, stop: frozenset[str]) -> set[str]:
    """Everything in one text that may be a keyword."""
    return {*read.keywords, *(phrase for phrase, _, _ in phrases(read, stop))}


def batches(texts: Iterable[T]) -> Iterator[list[T]]:
    """Some thousand texts at a time."""
    stream = iter(texts)
    while batch := list(islice(stream, _AT_ONCE)):
        yield batch


def phrases(read: Annotation, stop: frozenset[str]) -> set[Pair]:
    """Neighbours of one text where neither is a stop word: how they are written, and the two."""
    text = read.text
    return {
        (normal(text[one[0] : other[1]]), normal(text[slice(*one)]), normal(text[slice(*other)]))
        for one, other in pairwise(read.tokens)
        if text[one[1] : other[0]] in ("", " ")
        and wordlike(text[slice(*one)], stop)
        and wordlike(text[slice(*other)], stop)
    }


def holding(pairs: Counter[Pair], words: Counter[str], texts: int) -> Counter[str]:
    """Phrases whose words meet far more often than by chance; mentions are counted already."""
    found = Counter[str]()
    for (phrase, one, other), times in pairs.items():
        chance = max(words[one], times) * max(words[other], times) / texts
        if phrase not in words and log(times / chance) >= _COHESION:
            found[phrase] += times
    return found


def wordlike(word: str, stop: frozenset[str]) -> bool:
    """Two letters or more, and none of the words that never count."""
    return len(word) > 1 and word.isalpha() and word.lower() not in stop


def linked(read: Annotation) -> set[tuple[str, int]]:
    """Mentions and their tags."""
    return {
        (normal(read.text[span.start : span.end]), span.tag)
        for span in read.spans
        if span.tag is not None
    }


def roomy(counts: Counter[T], room: int) -> Counter[T]:
    """At most so many counts; the rarest are dropped when there is no room left."""
    return counts if len(counts) <= room else Counter(dict(counts.most_common(room // 2)))


def variants(counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Counts of all forms of a keyword under its most frequent form."""
    groups: dict[str, dict[str, int]] = {}
    head: dict[str, str] = {}
    for word, times in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        plain = word.replace("-", " ")
        forms = (word, plain, *counted(word), *counted(plain))
        first = next((head[form] for form in forms if form in head), word)
        head.setdefault(word, first)
        head.setdefault(plain, first)
        groups.setdefault(first, {})[word] = times
    return groups


def weighed(groups: dict[str, dict[str, int]], texts: int) -> pl.DataFrame:
    """Keywords with texts × log(all texts / texts), the telling ones first."""
    rows = []
    for word, forms in groups.items():
        times = min(texts, sum(forms.values()))
        rows.append((word, times, times * log((texts + 1) / times), sorted(forms)))
    frame = pl.DataFrame(rows, _WORDS, orient="row")
    return frame.sort(["weight", "keyword"], descending=[True, False])


def link_frame(links: Counter[tuple[str, int]], groups: dict[str, dict[str, int]]) -> pl.DataFrame:
    """Links of keywords, variants counted with their keyword."""
    head = {form: word for word, forms in groups.items() for form in forms}
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for (form, tag), times in links.items():
        if form in head:
            sums[head[form], tag] += times
    rows = [(word, tag, times) for (word, tag), times in sorted(sums.items())]
    return pl.DataFrame(rows, _LINKS, orient="row")
