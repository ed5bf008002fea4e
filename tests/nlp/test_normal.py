import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.folding import decode, fold
from nlp.normal import normal

ANY = st.text(st.characters(codec=None), max_size=40)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Ｎｉｋｅ　ＡＩＲ", "nike air"),
        ("連衣裙", "连衣裙"),
        ("L’Oréal", "l'oreal"),
        ("L'Ore\u0301al", "l'oreal"),
        ("Nike™ Air®", "nike air"),
        ("🔥爆款✨裙子", "爆款 裙子"),
        ("a\u200db\u200bc\ufeff", "abc"),
        ("x\ud800y", "x y"),
        ("  a \t b\n", "a b"),
        ("①ﬁ㎏ß", "1fikgss"),
        ("한국어", "한국어"),
        ("が", "が"),
        ("T—Shirt", "t-shirt"),
    ],
)
def test_looks_do_not_count(text, form):
    assert normal(text) == form


@settings(max_examples=200, deadline=None)
@given(ANY)
def test_normal_is_idempotent(text):
    assert normal(normal(text)) == normal(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(ANY, max_size=5))
def test_folding_a_batch_is_folding_each(texts):
    folded = fold(texts)
    whole = decode(folded.codes)
    for at, text in enumerate(texts):
        part = whole[folded.start[at] : folded.start[at + 1]]
        assert unicodedata.normalize("NFC", part.strip()) == normal(text)


@settings(max_examples=200, deadline=None)
@given(ANY)
def test_every_folded_character_knows_its_origin(text):
    folded = fold([text])
    assert all(0 <= a < b <= len(text) for a, b in zip(folded.first, folded.last, strict=True))
    assert (folded.first[1:] >= folded.first[:-1]).all()


def test_an_accent_belongs_to_the_letter_before_it():
    folded = fold(["e\u0301x"])
    assert folded.first.tolist() == [0, 2]
    assert folded.last.tolist() == [2, 3]
