"""Learning the entity model of a shop: from what its lexicon reads, its analysts and its files.

Cries such as 包邮 and measures are learned as a kind of their own: a model that knows what is noise
does not take it for a name. Names that no label knows are guessed from all titles together first,
and learned like labels: what stands a hundred times where brands stand is a brand.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy import Connection

from graph.texts import queries
from graph.texts.entities import NOISE
from graph.texts.lexicons import Known
from nlp.annotating import Reading, annotate
from nlp.annotation import Annotation
from nlp.compiling import changed
from nlp.guessing.names import Name, guess_names, with_names
from nlp.lexicon import Change, Label, Lexicon, TagEntry
from nlp.ner.evaluation import Report, evaluate
from nlp.ner.model import NerModel
from nlp.ner.samples import Sample, Span
from nlp.ner.settings import NerSettings
from nlp.ner.training import train
from nlp.noise import stop_words
from nlp.spec import Ner
from weft.errors import BadRequest

NOISE_TAG = 2_000_000_000
SURE = 0.8
WEAK, STRONG, WRITTEN = 1.0, 5.0, 10.0
KEPT_BACK = 10  # one in so many samples judges the model


@dataclass(frozen=True)
class Title:
    """A title with what the catalogue and analysts say of it."""

    text: str
    hints: tuple[int, ...]
    denied: frozenset[int]
    checked: bool


def learn_entities(
    connection: Connection, known: Known, reading: Reading, ner: Ner
) -> tuple[NerModel, Report]:
    """Train a model on what the shop has, and judge it on samples that it has not seen."""
    rows = connection.execute(queries.LESSONS, {"most": ner.titles})
    titles = [Title(r.title, tuple(r.hints), frozenset(r.denied), r.checked) for r in rows]
    samples = [*weak_samples(titles, known.lexicon, reading), *written_samples(ner)]
    return learn_from(samples, known.lexicon, ner)


def learn_from(samples: Sequence[Sample], lexicon: Lexicon, ner: Ner) -> tuple[NerModel, Report]:
    """Guess names, train a model on samples that know them, and judge it by some kept back."""
    names = guess_names(samples, ner.seed)
    samples = with_names(samples, names)
    judge, lessons = samples[::KEPT_BACK], [s for n, s in enumerate(samples) if n % KEPT_BACK]
    if not lessons:
        raise BadRequest("text.ner: there are no titles to learn from; import items first")
    settings = NerSettings.model_validate(ner.model_dump(include={*NerSettings.model_fields}))
    model = train(lessons, settings, gazetteers(lexicon, spellings(samples, names)), judge)
    return model, evaluate(judge, model.find([sample.text for sample in judge]))


def weak_samples(titles: Sequence[Title], lexicon: Lexicon, reading: Reading) -> list[Sample]:
    """Read titles with the lexicon; what it does not know stays open."""
    noisy = with_noise(lexicon)
    read = annotate([t.text for t in titles], noisy, reading, [t.hints for t in titles])
    return [_weak(title, found) for title, found in zip(titles, read, strict=True)]


def written_samples(ner: Ner) -> list[Sample]:
    """Read annotated files: lines of `{"text": …, "spans": [[start, end, facet], …]}`."""
    return [sample for name in ner.annotated for sample in _written(Path(name))]


def with_noise(lexicon: Lexicon) -> Lexicon:
    """Let a lexicon know the cries of sellers as a facet of their own."""
    words = sorted(word for word in stop_words() if len(word) > 1)
    labels = tuple(Label(NOISE_TAG, "und", "preferred", word) for word in words)
    return changed(lexicon, [Change(NOISE_TAG, TagEntry(NOISE_TAG, NOISE, NOISE), labels)])


def gazetteers(
    lexicon: Lexicon, more: Iterable[tuple[str, str]] = ()
) -> Mapping[str, Sequence[str]]:
    """Give the labels of each facet, and more words of facets."""
    words: dict[str, list[str]] = {}
    for entry in lexicon.entries.values():
        words.setdefault(entry.tag.facet, []).extend(label.text for label in entry.labels)
    for facet, word in more:
        words.setdefault(facet, []).append(word)
    return {facet: sorted(set(texts)) for facet, texts in words.items() if texts}


def spellings(samples: Sequence[Sample], names: Iterable[Name]) -> Iterator[tuple[str, str]]:
    """Facets and names as titles write them, without the noise."""
    for name in names:
        if name.label != NOISE:
            for one in name.mentions:
                yield name.label, samples[one.sample].text[one.start : one.end]


def _weak(title: Title, read: Annotation) -> Sample:
    tags = [
        Span(s.start, s.end, s.facet)
        for s in read.spans
        if s.tag is not None and s.confidence >= SURE and s.tag not in title.denied
    ]
    numbers = [Span(m.start, m.end, NOISE) for m in read.measures if _apart(m.start, m.end, tags)]
    weight = STRONG if title.checked else WEAK
    return Sample(title.text, tuple(sorted([*tags, *numbers])), weight, partial=True)


def _apart(start: int, end: int, spans: Iterable[Span]) -> bool:
    return all(end <= span.start or span.end <= start for span in spans)


def _written(path: Path) -> list[Sample]:
    try:
        rows = [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
        return [
            Sample(row["text"], tuple(sorted(Span(*span) for span in row["spans"])), WRITTEN)
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadRequest(f"text.ner.annotated: {path}: {error}") from None
