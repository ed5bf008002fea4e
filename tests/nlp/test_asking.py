import pytest

from nlp.asking import Price, ask


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
    assert [asked.rest[s.start : s.end] for s in asked.spans] == ["nike", "dresses"]


def test_an_endless_query_is_cut(lexicon):
    assert len(ask("1,111" * 100_000, lexicon).rest) <= 1000
