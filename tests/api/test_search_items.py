"""Searching: words find, a price narrows, an order sorts, and what was read is told."""

from typing import Any

import pytest

from tests.api.shop import Face

SEARCH = """query ($keyword: String!, $first: Int = 20, $after: String, $where: ItemFilter,
                   $person: ID) {
    searchItems(keyword: $keyword, first: $first, after: $after, where: $where, person: $person) {
        traceId release dropped { name } pageInfo { hasNextPage endCursor }
        reading { rest order { by text } filters { price { gte lte } }
                  mentions { tag { key } } keywords { text } }
        acted { narrowedBy sortedBy leftOut }
        edges { node { item { key price } score parts { name score } channels { name } } } } }"""


def search(face: Face, keyword: str, **variables: Any) -> Any:
    return face.ask(SEARCH, keyword=keyword, **variables)["searchItems"]


def keys(page: Any) -> list[str]:
    return [edge["node"]["item"]["key"] for edge in page["edges"]]


def prices(page: Any) -> list[float]:
    return [edge["node"]["item"]["price"] for edge in page["edges"]]


def test_words_and_tags_find_and_say_how_much_each_counts(boutique: Face) -> None:
    got = search(boutique, "acme dresses")
    assert set(keys(got)[:4]) == {"a1", "a2", "a3", "a4"}
    node = got["edges"][0]["node"]
    assert {part["name"] for part in node["parts"]} == {"lexical", "tags"}
    assert sum(part["score"] for part in node["parts"]) == pytest.approx(node["score"])
    assert [hit["name"] for hit in node["channels"]] == ["keyword"]
    assert {m["tag"]["key"] for m in got["reading"]["mentions"]} == {"acme", "dress"}
    assert got["acted"] == {"narrowedBy": None, "sortedBy": None, "leftOut": []}


def test_a_price_narrows_and_an_order_sorts_what_was_meant(boutique: Face) -> None:
    got = search(boutique, "cheapest bigco shoes under 50")
    assert keys(got) == ["b1", "b2", "b3", "b4", "b5"]
    assert got["acted"] == {"narrowedBy": "price", "sortedBy": "price", "leftOut": []}
    assert got["reading"]["filters"]["price"] == {"gte": None, "lte": 50.0}
    assert got["reading"]["order"] == {"by": "CHEAPEST", "text": "cheapest"}
    dear = search(boutique, "most expensive zenith cup")
    assert prices(dear) == [40.0, 30.0, 20.0, 10.0]
    assert keys(search(boutique, "latest acme dress"))[:2] == ["a1", "a2"]


def test_people_s_favourites_come_first_where_these_are_asked_for(boutique: Face) -> None:
    got = search(boutique, "popular acme dress")
    assert got["acted"]["sortedBy"] == "popular"
    assert set(keys(got)[:2]) == {"a1", "a2"}


def test_what_cannot_be_acted_on_is_told(boutique: Face) -> None:
    got = search(boutique, "best rated cup")
    assert got["acted"]["sortedBy"] is None
    assert got["acted"]["leftOut"] == ["order: nothing in the spec says which items are rated"]
    assert set(keys(got)[:4]) == {"z1", "z2", "z3", "z4"}


def test_a_price_alone_gives_what_there_is(boutique: Face) -> None:
    got = search(boutique, "under 15")
    assert set(keys(got)) == {"a1", "z1", "b1", "bare"}
    assert search(boutique, "cheapest", first=1)["edges"][0]["node"]["item"]["price"] == 1.0


def test_filters_hold_beside_what_was_typed(boutique: Face) -> None:
    got = search(boutique, "dress", where={"city": {"eq": "Rome"}, "price": {"lt": 30}})
    assert keys(got) == ["a2"]


def test_pages_fit_together(boutique: Face) -> None:
    for keyword in ("shoe", "cheapest shoe", "under 100"):
        whole = keys(search(boutique, keyword, first=9))
        first = search(boutique, keyword, first=4)
        after = first["pageInfo"]["endCursor"]
        second = search(boutique, keyword, first=5, after=after)
        assert keys(first) + keys(second) == whole, keyword
        assert boutique.code(SEARCH, keyword="cup", after=after) == "BAD_REQUEST"


def test_a_word_that_nobody_has_written_finds_nothing(boutique: Face) -> None:
    got = search(boutique, "xylophone")
    assert keys(got) == []
    assert [word["text"] for word in got["reading"]["keywords"]] == ["xylophone"]


@pytest.mark.parametrize("keyword", ["", "   ", "x" * 1001])
def test_nothing_and_too_much_are_refused(boutique: Face, keyword: str) -> None:
    assert boutique.code(SEARCH, keyword=keyword) == "BAD_REQUEST"


@pytest.mark.parametrize(
    "keyword", ["'; DROP TABLE item; --", "\u202edress", "?", "%", "1,1" * 300]
)
def test_hostile_words_are_harmless(boutique: Face, keyword: str) -> None:
    assert keys(search(boutique, keyword)) is not None


def test_a_known_person_and_an_unknown_one_may_search(boutique: Face) -> None:
    assert keys(search(boutique, "dress", person="ann"))
    assert keys(search(boutique, "dress", person="nobody"))
