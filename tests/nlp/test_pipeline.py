import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.annotating import annotate
from nlp.pipeline import TAGS, language, read_docs
from tests.nlp.test_annotating import TITLES


@pytest.fixture(scope="module")
def pipeline(lexicon):
    return language(lexicon)


def mentions(doc):
    return [(s.start_char, s.end_char, s.label_, s.id_) for s in doc.spans[TAGS]]


def spans(read):
    return [(s.start, s.end, s.facet, str(s.tag)) for s in read.spans]


@settings(max_examples=60, deadline=None)
@given(st.lists(TITLES.map(lambda text: text.replace("\ud800", "")), max_size=5))
def test_docs_say_the_same_as_annotations(pipeline, lexicon, texts):
    reads = annotate(texts, lexicon)
    for docs in (list(pipeline.pipe(texts)), list(read_docs(pipeline, texts))):
        assert [doc.text for doc in docs] == texts
        assert [mentions(doc) for doc in docs] == [spans(read) for read in reads]


def test_tokens_are_words_of_the_language(pipeline):
    doc = pipeline("红色连衣裙 Nike Air")
    assert [token.text for token in doc] == ["红色", "连衣裙", "Nike", "Air"]
    assert doc.spans[TAGS][1].label_ == "category"


def test_a_pipeline_of_somebody_else_is_refused(lexicon):
    with pytest.raises(TypeError, match="language"):
        spacy.blank("xx").add_pipe("weft_tags")
    with pytest.raises(TypeError, match="language"):
        next(read_docs(spacy.blank("xx"), ["a"]))
