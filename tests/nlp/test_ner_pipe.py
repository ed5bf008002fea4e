import pytest
import spacy

from nlp.ner.pipe import NAME, NerPipe
from tests.nlp.ner_world import titles


@pytest.fixture
def language(ner_model):
    language = spacy.blank("zh")
    pipe = language.add_pipe(NAME)
    assert isinstance(pipe, NerPipe)
    pipe.model = ner_model
    return language


def test_entities_and_their_scores_are_written(language):
    sample = titles(1, 11)[0]
    (doc,) = language.pipe([sample.text])
    assert {(e.start_char, e.end_char, e.label_) for e in doc.ents} == {
        (s.start, s.end, s.label) for s in sample.spans
    }
    assert len(doc.spans[NAME].attrs["scores"]) == len(doc.spans[NAME]) == 2


def test_a_pipeline_on_disk_finds_the_same(language, tmp_path):
    language.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    for sample in titles(10, 12):
        assert [str(e) for e in again(sample.text).ents] == [
            str(e) for e in language(sample.text).ents
        ]


def test_without_a_model_nothing_is_found():
    language = spacy.blank("zh")
    language.add_pipe(NAME)
    assert not language("耐克跑步鞋").ents
