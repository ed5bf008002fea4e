from nlp.annotating import Reading, annotate
from nlp.annotation import Opinion
from nlp.cooccurrence import learn
from tests.nlp.tiny import said


def tag_of(text, lexicon, **known):
    spans = annotate([text], lexicon, **known)[0].spans
    return next((span.tag, span.why) for span in spans if text[span.start : span.end] == "苹果")


def test_family_in_the_title_decides(lexicon):
    tag, why = tag_of("苹果 iPhone", lexicon)
    assert tag == 10
    assert why.endswith("its family is here")


def test_a_taken_facet_speaks_against(lexicon):
    assert tag_of("苹果 手机壳", lexicon)[0] == 10
    assert tag_of("耐克 苹果", lexicon)[0] == 5


def test_the_catalogue_is_believed(lexicon):
    assert tag_of("苹果", lexicon, hints=[[10]])[0] == 10
    assert tag_of("苹果", lexicon, hints=[[4]])[0] == 5
    assert tag_of("苹果", lexicon, hints=[[6]])[0] == 10


def test_company_is_learned(lexicon):
    titles = [{5, 30}] * 20 + [{10, 31}] * 20 + [{11, 2}] * 20
    reading = Reading(company=learn(titles))
    assert tag_of("红色 苹果", lexicon, reading=reading)[0] == 5
    tag, why = tag_of("金色 苹果", lexicon, reading=reading)
    assert tag == 10
    assert why.endswith("the company it keeps")


def test_the_entity_model_is_heard(lexicon):
    heard = [[Opinion(0, 2, "brand", 0.95)]]
    assert tag_of("苹果", lexicon, opinions=heard)[0] == 10
    assert tag_of("苹果", lexicon, opinions=[[Opinion(0, 2, "category", 0.95)]])[0] == 5


def test_what_only_the_entity_model_sees_has_no_tag(lexicon):
    read = annotate(["Zorvex 连衣裙"], lexicon, opinions=[[Opinion(0, 6, "brand", 0.8)]])[0]
    assert said(read) == [("Zorvex", None), ("连衣裙", 2)]
    assert read.spans[0].source == "ner"
    assert read.tags == (2,)


def test_opinions_keep_to_their_texts_and_beside_the_lexicon(lexicon):
    texts = ["连衣裙 Zorvex", "Zorvex 连衣裙", "Zorvex"]
    heard = [
        [Opinion(0, 3, "category", 0.9), Opinion(4, 10, "brand", 0.8)],
        [Opinion(-2, 6, "brand", 0.8), Opinion(5, 8, "brand", 0.9), Opinion(9, 12, "brand", 0.9)],
        [Opinion(3, 3, "brand", 0.9), Opinion(0, 6, "unheard_of", 0.7)],
    ]
    read = annotate(texts, lexicon, opinions=heard)
    spans = [[(s.start, s.end, s.facet, s.source) for s in one.spans] for one in read]
    assert spans == [
        [(0, 3, "category", "lexicon"), (4, 10, "brand", "ner")],
        [(0, 6, "brand", "ner"), (7, 10, "category", "lexicon")],
        [(0, 6, "unheard_of", "ner")],
    ]
    for text, opinions, together in zip(texts, heard, read, strict=True):
        assert annotate([text], lexicon, opinions=[opinions]) == [together]


def test_a_guess_is_unsure(lexicon):
    span = annotate(["Gold"], lexicon, Reading(least=0.0))[0].spans[0]
    assert span.confidence < 0.6
    assert span.why.endswith("a guess")
    assert annotate(["Gold"], lexicon, Reading(least=0.6))[0].spans == ()


def test_learning_in_parts_is_learning_at_once():
    titles = [{1, 2, 3}, {2, 3}, {3}, {1, 3}]
    whole = learn(titles)
    assert whole.titles == 4
    assert dict(zip(whole.tag.tolist(), whole.often.tolist(), strict=True)) == {1: 2, 2: 2, 3: 4}
    assert len(learn(titles, at_least=2).pair) == 2
