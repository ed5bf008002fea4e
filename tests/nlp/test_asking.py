import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.asking import Price, ask, priced
from nlp.normal import normal

PIECES = [
    "300",
    "３００",
    "以下",
    "元",
    " ",
    "  ",
    "新款",
    "latest",
    "Ｎike",
    "连衣裙",
    "㎏",
    "\u200d",
]
PIECES += ["under ", "$1,200", "-", "é", "e\u0301", "★", "between 5 and ", "50"]


@pytest.mark.parametrize(
    ("query", "price"),
    [
        ("nike shoes under 300", Price(None, 300)),
        ("裙子300元以下", Price(None, 300, "cny")),
        ("200-500 裙子", Price(200, 500)),
        ("裙子 200到500元", Price(200, 500, "cny")),
        ("$50 to $100 dress", Price(50, 100, "usd")),
        ("dress between 100 and 200", Price(100, 200)),
        ("under $1,300.50 phone", Price(None, 1300.5, "usd")),
        ("不超过1000块的裙子", Price(None, 1000, "cny")),
        ("手机 2000以上", Price(2000, None)),
        ("dress over 40 dollars", Price(40, None, "usd")),
        ("裙子100左右", Price(80, 120)),
        ("size 38-40 jeans", None),
        ("积木 3-5", None),
        ("2024-2025 calendar", None),
        ("500ml以下 水杯", None),
        ("bottle under 500 ml", None),
        ("iphone 15", None),
    ],
)
def test_prices(lexicon, query, price):
    assert ask(query, lexicon).price == price


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("最新连衣裙", "newest"),
        ("latest dress", "newest"),
        ("新款连衣裙", "newest"),
        ("便宜的裙子", "cheapest"),
        ("most expensive phone", "dearest"),
        ("best selling jeans", "popular"),
        ("好评手机", "rated"),
        ("dress", None),
    ],
)
def test_orders(lexicon, query, order):
    assert ask(query, lexicon).order == order


def test_a_query_comes_apart(lexicon):
    asked = ask("Latest Nike dresses under 300", lexicon)
    assert asked.tags == (11, 2)
    assert asked.keywords == ("nike", "dresses")
    assert (asked.rest, asked.order) == ("nike dresses", "newest")
    assert [asked.text[s.start : s.end] for s in asked.spans] == ["Nike", "dresses"]
    assert asked.text[slice(*asked.price_at)] == "under 300"
    assert asked.text[slice(*asked.order_at)] == "Latest"


def test_a_chinese_query_comes_apart(lexicon):
    asked = ask("３００以下　耐克 新款 牛仔褲", lexicon)
    assert asked.tags == (11, 3)
    assert (asked.rest, asked.order) == ("耐克 牛仔裤", "newest")
    assert asked.price == Price(None, 300)
    assert asked.text[slice(*asked.price_at)] == "３００以下"
    assert [asked.text[s.start : s.end] for s in asked.spans] == ["耐克", "牛仔褲"]


@pytest.mark.parametrize(
    "text", ["", " ", "￥", "\u200d\u200d", "\ud800 under", "㍿以下", "1-" * 500]
)
def test_odd_queries_are_read_too(lexicon, text):
    asked = ask(text, lexicon)
    assert (asked.text, asked.tags) == (text, ())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_places_are_those_of_the_original(lexicon, text):
    asked = ask(text, lexicon)
    assert len(asked.read.text) == len(asked.text) <= len(text)
    if asked.price:
        assert priced(normal(text[slice(*asked.price_at)]))[0] == asked.price
    for span in asked.spans:
        assert asked.read.text[span.start : span.end] == text[span.start : span.end]


def test_an_endless_query_is_cut(lexicon):
    assert len(ask("1,111" * 100_000, lexicon).text) == 1000
