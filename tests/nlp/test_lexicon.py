import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.annotating import annotate
from nlp.compiling import build_lexicon, changed
from nlp.lexicon import Change, Label, TagEntry, ancestors, is_above, tag_of
from nlp.saving import load_lexicon, save_lexicon
from tests.nlp.tiny import LABELS, TAGS, entries, labels, said, tiny
from weft.errors import NotFound


def test_equal_content_has_an_equal_version_in_any_order():
    known = [label for tag in LABELS for label in labels(tag)]
    other = build_lexicon(entries()[::-1], known[::-1])
    assert other.version == tiny().version
    assert other == tiny()
    assert tiny(Label(2, "en", "synonym", "Frock")).version != other.version


def test_ancestors_come_nearest_first_and_each_once():
    tags = [TagEntry(1, "a", "f"), TagEntry(2, "b", "f", (1,)), TagEntry(3, "c", "f", (1,))]
    lexicon = build_lexicon([*tags, TagEntry(4, "d", "f", (2, 3))], [])
    assert list(ancestors(lexicon, 4)) == [2, 3, 1]
    assert is_above(lexicon, 1, 4)
    assert not is_above(lexicon, 4, 1)


def test_a_merged_tag_speaks_through_its_heir(lexicon):
    tag = lexicon.entries[2].tag._replace(redirect=3)
    merged = changed(lexicon, [Change(2, tag, lexicon.entries[2].labels)])
    assert said(annotate(["红色连衣裙"], merged)[0]) == [("红色", 30), ("连衣裙", 3)]
    assert tag_of(merged, 2).key == "jeans"
    back = changed(merged, [Change(2, lexicon.entries[2].tag, lexicon.entries[2].labels)])
    assert back == lexicon
    assert said(annotate(["红色连衣裙"], back)[0]) == [("红色", 30), ("连衣裙", 2)]


def test_a_change_does_not_disturb_the_version_in_use(lexicon):
    before = annotate(["碎花裙 连衣裙"], lexicon)
    new = (*lexicon.entries[2].labels, Label(2, "zh", "synonym", "碎花裙"))
    after = changed(lexicon, [Change(2, lexicon.entries[2].tag, new)])
    gone = changed(after, [Change(2, None)])
    assert annotate(["碎花裙 连衣裙"], lexicon) == before
    assert said(annotate(["碎花裙 连衣裙"], after)[0]) == [("碎花裙", 2), ("连衣裙", 2)]
    assert said(annotate(["碎花裙 连衣裙"], gone)[0]) == []


def test_redirects_in_a_circle_are_refused():
    tags = [TagEntry(1, "a", "f", (), 2), TagEntry(2, "b", "f", (), 1)]
    with pytest.raises(ValueError, match="redirects to itself"):
        build_lexicon(tags, [Label(1, "en", "preferred", "word")])


def test_an_unknown_tag_is_named(lexicon):
    with pytest.raises(NotFound, match="no tag has the id 99"):
        tag_of(lexicon, 99)


def test_a_saved_lexicon_reads_the_same(lexicon, tmp_path):
    save_lexicon(lexicon, tmp_path)
    loaded = load_lexicon(tmp_path)
    text = ["Apple iPhone 手机壳 Samsonitte"]
    assert loaded == lexicon
    assert annotate(text, loaded) == annotate(text, lexicon)
    assert dict(loaded.entries) == dict(lexicon.entries)
    more = [Change(50, TagEntry(50, "new", "style"), (Label(50, "en", "preferred", "Boho"),))]
    assert changed(loaded, more).version == changed(lexicon, more).version


WORDS = st.sampled_from(
    ["红色", "裙子", "高腰", "apple", "nike", "nova", "直筒裤", "牛仔", "phone"]
)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from([tag for tag, *_ in TAGS] + [60, 61]),
        st.booleans(),
        st.lists(WORDS, max_size=3, unique=True),
        st.sampled_from([(), (1,), (4,)]),
        st.sampled_from([None, None, 3, 30]),
    ),
    max_size=4,
)


@settings(max_examples=40, deadline=None)
@given(CHANGES, st.lists(WORDS, max_size=6))
def test_changing_is_the_same_as_building_anew(lexicon, changes, words):
    now = lexicon
    for tag, kept, names, ups, heir in changes:
        heir = None if tag in (3, 30) else heir
        entry = TagEntry(tag, f"t{tag}", "style", ups if tag > 4 else (), heir)
        new = tuple(Label(tag, "zh", "synonym", name) for name in names)
        now = changed(now, [Change(tag, entry if kept or tag in (3, 30) else None, new)])
    known = now.entries.values()
    fresh = build_lexicon([e.tag for e in known], [label for e in known for label in e.labels])
    text = " ".join(words) + "".join(words)
    assert now.version == fresh.version
    assert annotate([text], now) == annotate([text], fresh)
