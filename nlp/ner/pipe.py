"""The model as a component of a spaCy pipeline: `nlp.add_pipe("weft_ner")`."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup
from spacy.util import filter_spans

from nlp.ner.model import TOGETHER, NerModel
from nlp.ner.samples import Found
from nlp.ner.saving import from_bytes, to_bytes

NAME = "weft_ner"
FILE = "model.npz"


class NerPipe:
    """Writes `doc.spans["weft_ner"]` with scores, and those that no other overlaps to `doc.ents`.

    An entity that begins or ends within a token takes the whole of the token.
    """

    def __init__(self, model: NerModel | None = None) -> None:
        self.model = model

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one text."""
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], batch_size: int = TOGETHER) -> Iterator[Doc]:
        """Annotate many."""
        rest = iter(docs)
        while batch := list(islice(rest, batch_size)):
            found = (
                self.model.find([doc.text for doc in batch]) if self.model else [[]] * len(batch)
            )
            for doc, ones in zip(batch, found, strict=True):
                yield _annotated(doc, ones)

    def to_bytes(self, **_: Any) -> bytes:
        """Write the model, without pickle."""
        return to_bytes(self.model) if self.model else b""

    def from_bytes(self, data: bytes, **_: Any) -> "NerPipe":
        """Read the model."""
        self.model = from_bytes(data) if data else None
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Write the model into a folder."""
        Path(path).mkdir(exist_ok=True)
        (Path(path) / FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **_: Any) -> "NerPipe":
        """Read the model from a folder."""
        return self.from_bytes((Path(path) / FILE).read_bytes())


@Language.factory(NAME)
def make_pipe(nlp: Language, name: str) -> NerPipe:
    """Make a component without a model; set `model`, or read it from disk."""
    return NerPipe()


def _annotated(doc: Doc, found: list[Found]) -> Doc:
    spans, scores = [], []
    for one in found:
        span = doc.char_span(one.start, one.end, one.label, alignment_mode="expand")
        if span is not None:
            spans.append(span)
            scores.append(one.confidence)
    doc.spans[NAME] = SpanGroup(doc, name=NAME, spans=spans, attrs={"scores": scores})
    doc.ents = filter_spans([*doc.ents, *spans])
    return doc
