from nlp.ner.samples import Sample, Span
from nlp.ner.tags import Tags, tags_of

TAGS = Tags(("brand", "product"))


def test_spans_survive_being_spelled_as_tags():
    spans = [Span(0, 1, "brand"), Span(1, 3, "product"), Span(3, 6, "brand"), Span(7, 8, "product")]
    assert TAGS.spans(TAGS.spelled(spans, 9).tolist()) == spans


def test_no_entity_changes_its_label_or_breaks_off():
    begin, inside, end, single = range(1, 5)
    other_end = end + 4
    assert TAGS.follows[begin, end] == TAGS.follows[end, begin] == TAGS.follows[0, single] == 0
    assert TAGS.follows[begin, 0] < 0 > TAGS.follows[begin, other_end]
    assert TAGS.follows[0, inside] < 0 > TAGS.starts[end]
    assert TAGS.ends[begin] < 0 == TAGS.ends[single]


def test_a_partial_sample_leaves_other_characters_open():
    sample = Sample("abc", (Span(0, 1, "brand"),), partial=True)
    assert TAGS.allowed(sample).sum(1).tolist() == [1, len(TAGS), len(TAGS)]


def test_labels_are_those_of_the_samples():
    sample = Sample("abc", (Span(0, 1, "z"), Span(1, 2, "a")))
    assert tags_of([sample]).labels == ("a", "z")
