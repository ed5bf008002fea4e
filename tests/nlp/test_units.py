import pytest

from nlp.annotating import annotate
from nlp.normal import normal
from nlp.units import measures


@pytest.mark.parametrize(
    ("text", "dimension", "value", "high", "unit", "times"),
    [
        ("男鞋42码", "size", 42, 42, "码", 1),
        ("EU42", "size", 42, 42, "eu", 1),
        ("3XL", "size", 0, 0, "3xl", 1),
        ("256GB", "storage", 256, 256, "gb", 1),
        ("8+256G", "storage", 256, 256, "gb", 8),
        ("500ml*2", "volume", 500, 500, "ml", 2),
        ("５００ＭＬ", "volume", 500, 500, "ml", 1),
        ("1.5kg", "weight", 1.5, 1.5, "kg", 1),
        ("180*200cm", "length", 180, 180, "cm", 200),
        ("200-500元", "price", 200, 500, "元", 1),
        ("¥1,299", "price", 1299, 1299, "元", 1),
        ("5000mAh", "charge", 5000, 5000, "mah", 1),
        ("6pcs", "count", 6, 6, "pcs", 1),
        ("2小时", "time", 2, 2, "小时", 1),
        ("9成新", "share", 9, 9, "成新", 1),
        ("第7代", "number", 7, 7, "", 1),
    ],
)
def test_measures(text, dimension, value, high, unit, times):
    assert [one[2:] for one in measures(normal(text))] == [(dimension, value, high, unit, times)]


def test_measures_stand_in_the_original_text(lexicon):
    read = annotate(["🔥 Ｎike　５００ＭＬ*2 裙子 XL"], lexicon)[0]
    assert [read.text[one.start : one.end] for one in read.measures] == ["５００ＭＬ*2", "XL"]


def test_endless_digits_measure_nothing():
    assert measures("1" * 5000) == []
