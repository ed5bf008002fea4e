"""What is read out of one text."""

from typing import Literal, NamedTuple

from nlp.units import Measure

Source = Literal["lexicon", "fuzzy", "ner"]


class Span(NamedTuple):
    """A stretch of the original text that names a tag; `tag` is unknown where only NER saw it."""

    start: int
    end: int
    tag: int | None
    facet: str
    source: Source
    confidence: float
    why: str


class Opinion(NamedTuple):
    """What an entity model sees: a stretch of the original text and its facet."""

    start: int
    end: int
    facet: str
    confidence: float


class Annotation(NamedTuple):
    """Tags, measures, keywords and tokens of one text, as one version of the lexicon reads it."""

    text: str
    lexicon: str
    spans: tuple[Span, ...]
    measures: tuple[Measure, ...]
    keywords: tuple[str, ...]
    cuts: tuple[int, ...]  # start, end, start, end, … of the tokens in the original text

    @property
    def tags(self) -> tuple[int, ...]:
        """Tags by first appearance."""
        return tuple(dict.fromkeys(span.tag for span in self.spans if span.tag is not None))

    @property
    def tokens(self) -> tuple[tuple[int, int], ...]:
        """Start and end of every token but blanks."""
        return tuple(zip(self.cuts[::2], self.cuts[1::2], strict=True))

    @property
    def words(self) -> tuple[str, ...]:
        """The tokens as written."""
        return tuple(self.text[start:end] for start, end in self.tokens)
