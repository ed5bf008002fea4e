"""spaCy as container: our tokens as a `Doc`, our mentions in `doc.spans["tags"]`."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlp.annotating import Reading, annotate
from nlp.annotation import Annotation
from nlp.lexicon import Lexicon

TAGS = "tags"
READ = "weft.annotation"
MATCHER = "weft_tags"


class Tokenizer:
    """Text to `Doc`, cut where tokens or mentions begin and end."""

    def __init__(self, vocab: Vocab, lexicon: Lexicon, reading: Reading) -> None:
        self.vocab, self.lexicon, self.reading = vocab, lexicon, reading

    def __call__(self, text: str) -> Doc:
        """Tokenize one text."""
        return doc_of(self.vocab, annotate([text], self.lexicon, self.reading)[0])


class Matcher:
    """Writes the mentions of each `Doc`."""

    def __init__(self, lexicon: Lexicon, reading: Reading) -> None:
        self.lexicon, self.reading = lexicon, reading

    def __call__(self, doc: Doc) -> Doc:
        """Take what the tokenizer read already; read a `Doc` of somebody else's making."""
        read = doc.user_data.get(READ)
        if not isinstance(read, Annotation) or read.lexicon != self.lexicon.version:
            read = annotate([doc.text], self.lexicon, self.reading)[0]
        return written(doc, read)

    def pipe(self, docs: Iterable[Doc], batch_size: int) -> Iterator[Doc]:
        """Read many."""
        stream = iter(docs)
        while batch := list(islice(stream, batch_size)):
            yield from map(self, batch)


@Language.factory(MATCHER)
def make_matcher(nlp: Language, name: str) -> Matcher:
    """The matcher of the lexicon that the pipeline's tokenizer has."""
    if not isinstance(nlp.tokenizer, Tokenizer):
        raise TypeError(f"{name} reads with the tokenizer of nlp.pipeline; make it by language()")
    return Matcher(nlp.tokenizer.lexicon, nlp.tokenizer.reading)


def language(lexicon: Lexicon, reading: Reading | None = None) -> Language:
    """A blank pipeline for Chinese, English and mixed text, with our tokenizer and matcher."""
    pipeline = spacy.blank("xx")
    pipeline.tokenizer = Tokenizer(pipeline.vocab, lexicon, reading or Reading())
    pipeline.add_pipe(MATCHER)
    return pipeline


def read_docs(pipeline: Language, texts: Iterable[str], batch_size: int = 4096) -> Iterator[Doc]:
    """The same as `pipeline.pipe(texts)`, with the tokenizer working on many texts at once."""
    tokenizer = pipeline.tokenizer
    if not isinstance(tokenizer, Tokenizer):
        raise TypeError("read_docs wants a pipeline made by language()")
    stream = iter(texts)
    while batch := list(islice(stream, batch_size)):
        found = annotate(batch, tokenizer.lexicon, tokenizer.reading)
        yield from pipeline.pipe(doc_of(pipeline.vocab, read) for read in found)


def doc_of(vocab: Vocab, read: Annotation) -> Doc:
    """A `Doc` whose text is the original, whatever was dropped or folded."""
    ends = chain(read.cuts, *((span.start, span.end) for span in read.spans))
    places = sorted({0, len(read.text), *ends})
    words, spaces = list[str](), list[bool]()
    for start, end in pairwise(places):
        piece = read.text[start:end]
        if piece == " " and spaces and not spaces[-1]:
            spaces[-1] = True
        else:
            words.append(piece)
            spaces.append(False)
    doc = Doc(vocab, words=words, spaces=spaces)
    doc.user_data[READ] = read
    return doc


def written(doc: Doc, read: Annotation) -> Doc:
    """Put the mentions into `doc.spans`; the label is the facet, the id the tag."""
    spans = (
        doc.char_span(one.start, one.end, label=one.facet, span_id=str(one.tag or ""))
        for one in read.spans
    )
    doc.spans[TAGS] = [span for span in spans if span is not None]
    return doc
