import pytest

from nlp.annotating import annotate
from tests.nlp.tiny import said


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("女高腰直筒裤", [("高腰", 40), ("直筒裤", 41)]),
        ("手机壳", [("手机壳", 7)]),
        ("手机壳手机", [("手机壳", 7), ("手机", 6)]),
        ("网红同款裙子", [("裙子", 2)]),
        ("红包 大红大紫", []),
        ("红裙子", [("红", 30), ("裙子", 2)]),
        ("連衣裙 ＤＲＥＳＳ", [("連衣裙", 2), ("ＤＲＥＳＳ", 2)]),
        ("连衣群", [("连衣群", 2)]),
        ("red dresses", [("red", 30), ("dresses", 2)]),
        ("redress nikes", [("nikes", 11)]),
        ("phone case phones", [("phone case", 7), ("phones", 6)]),
        ("phone  case", [("phone  case", 7)]),
        ("iphone15", [("iphone", 20)]),
        ("L’ORE\u0301AL", [("L’ORE\u0301AL", 13)]),
        ("loreal", [("loreal", 13)]),
        ("N\u200dike", [("N\u200dike", 11)]),
        ("", []),
    ],
)
def test_mentions(lexicon, text, mentions):
    assert said(annotate([text], lexicon)[0]) == mentions


def test_a_span_says_where_it_comes_from(lexicon):
    span = annotate(["连衣群"], lexicon)[0].spans[0]
    assert (span.facet, span.source, span.why) == ("category", "lexicon", "hidden label")
    assert 0.5 < span.confidence < 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Samsonitte", 12),
        ("Smasonite", 12),
        ("Samsnit", None),
        ("Tamsonite", None),
        ("Samsonitexyz", None),
        ("Nikke", None),
    ],
)
def test_long_names_may_be_misspelt(lexicon, text, found):
    spans = annotate([text], lexicon)[0].spans
    assert [span.tag for span in spans] == ([found] if found else [])
    assert all(span.source == "fuzzy" and span.confidence < 0.85 for span in spans)


def test_two_names_as_near_leave_it_open():
    from nlp.compiling import build_lexicon
    from nlp.lexicon import Label, TagEntry

    tags = [TagEntry(1, "a", "brand"), TagEntry(2, "b", "brand")]
    names = [Label(1, "en", "preferred", "velmara"), Label(2, "en", "preferred", "velmora")]
    lexicon = build_lexicon(tags, names)
    assert said(annotate(["velmira"], lexicon)[0]) == []
    assert said(annotate(["velmoora"], lexicon)[0]) == [("velmoora", 2)]
