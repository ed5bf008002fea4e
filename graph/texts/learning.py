"""Learning the entity model of a shop: from what its lexicon reads, its analysts and its files.

Cries such as 包邮 and measures are learned as a kind of their own: a model that knows what is noise
does not take it for a name.
"""

from collections.abc import Iterable, Mapping, Sequence
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
    """Train a model and judge it on samples that it has not seen."""
    samples = [*weak_samples(connection, known, reading, ner.titles), *written_samples(ner)]
    judge, lessons = samples[::KEPT_BACK], [s for n, s in enumerate(samples) if n % KEPT_BACK]
    if not lessons:
        raise BadRequest("text.ner: there are no titles to learn from; import items first")
    settings = NerSettings.model_validate(ner.model_dump(include={*NerSettings.model_fields}))
    model = train(lessons, settings, gazetteers(known.lexicon), judge)
    return model, evaluate(judge, model.find([sample.text for sample in judge]))


def weak_samples(connection: Connection, known: Known, reading: Reading, most: int) -> list[Sample]:
    """Read titles with the lexicon; what it does not know stays open."""
    rows = connection.execute(queries.LESSONS, {"most": most})
    titles = [Title(r.title, tuple(r.hints), frozenset(r.denied), r.checked) for r in rows]
    noisy = with_noise(known.lexicon)
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


def gazetteers(lexicon: Lexicon) -> Mapping[str, Sequence[str]]:
    """Give the labels of each facet."""
    words: dict[str, list[str]] = {}
    for entry in lexicon.entries.values():
        words.setdefault(entry.tag.facet, []).extend(label.text for label in entry.labels)
    return {facet: sorted(set(texts)) for facet, texts in words.items() if texts}


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
