"""Words that stand in titles where a tag's label usually stands, and is missing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from graph.suggestions import queries
from graph.suggestions.agreeing import Agreement, sureness
from nlp.annotating import Reading, annotate
from nlp.annotation import Annotation
from nlp.lexicon import Lexicon
from nlp.normal import normal

TITLES = 20_000
MENTIONED = 0.5  # of the titles that have a tag say so, or nothing stands for its label
STANDS = 0.05  # of the titles that do not say so have the word


@dataclass
class Seen:
    """Counts over titles: of words, of tags with and without their label, and of both."""

    titles: int = 0
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: Counter[str] = field(default_factory=Counter)
    tags: Counter[int] = field(default_factory=Counter)
    unsaid: Counter[int] = field(default_factory=Counter)
    instead: Counter[tuple[str, int]] = field(default_factory=Counter)
    items: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    def add(self, key: str, read: Annotation, hints: Sequence[int]) -> None:
        """Count one title."""
        words, silent = unknown_words(read), set(hints) - set(read.tags)
        self.titles += 1
        self.parts.update(words)
        self.words.update(words.keys())
        self.tags.update(set(hints))
        self.unsaid.update(silent)
        for pair in ((word, tag) for word in words for tag in silent):
            self.instead[pair] += 1
            self.items.setdefault(pair, []).append(key)


def unknown_words(read: Annotation) -> dict[str, tuple[str, ...]]:
    """Keywords of a title that are no mention of a tag, and two of them side by side."""
    said = {at for span in read.spans for at in range(span.start, span.end)}
    keywords = set(map(normal, read.keywords))
    found, before, last = dict[str, tuple[str, ...]](), "", -1
    for start, end in read.tokens:
        word = normal(read.text[start:end])
        if word not in keywords or not said.isdisjoint(range(start, end)):
            before = ""
            continue
        found[word] = ()
        gap = read.text[last:start]
        if before and gap in ("", " "):
            found[f"{before}{gap}{word}"] = (before, word)
        before, last = word, end
    return found


def titles_agree(
    connection: Connection, lexicon: Lexicon, reading: Reading, at_least: int
) -> Iterator[Agreement]:
    """Words and the tags that they seem to name."""
    rows = connection.execute(queries.SAMPLE, {"most": TITLES}).all()
    seen = Seen()
    read = annotate([row.title for row in rows], lexicon, reading, [row.hints for row in rows])
    for row, one in zip(rows, read, strict=True):
        seen.add(row.key, one, row.hints)
    pairs = [pair for pair in seen.instead if _stands(seen, pair, at_least)]
    return (_agreement(seen, *pair) for pair in _whole(seen, pairs))


def _whole(seen: Seen, pairs: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Of two words side by side: both as one where they are mostly together, else each alone."""
    close = {word for word, _ in pairs if _holds(seen, word)}
    parts = {(part, tag) for word, tag in pairs if word in close for part in seen.parts[word]}
    return [
        pair
        for pair in pairs
        if pair not in parts and (pair[0] in close) == bool(seen.parts[pair[0]])
    ]


def _holds(seen: Seen, word: str) -> bool:
    parts = seen.parts[word]
    return bool(parts) and all(2 * seen.words[word] > seen.words[part] for part in parts)


def _stands(seen: Seen, pair: tuple[str, int], at_least: int) -> bool:
    """Tell whether a word may stand for a tag's label."""
    word, tag = pair
    count, unsaid = seen.instead[pair], seen.unsaid[tag]
    return (
        count >= at_least
        and 2 * count >= seen.words[word]
        and unsaid <= (1 - MENTIONED) * seen.tags[tag]
        and count >= STANDS * unsaid
    )


def _agreement(seen: Seen, word: str, tag: int) -> Agreement:
    count = seen.instead[word, tag]
    usual = seen.unsaid[tag] / seen.titles
    numbers = {
        "titles": seen.words[word],
        "titles_without_label": count,
        "titles_usual": usual,
        "titles_of_tag": seen.tags[tag],
    }
    score = sureness(count, seen.words[word], usual)
    return Agreement(word, tag, score, numbers, sorted(seen.items[word, tag])[:5])
