from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranking.rerank.arranging import arrange
from ranking.rerank.cap import Cap
from ranking.rerank.scatter import Scatter
from tests.ranking.rerank.stocks import falling, letters, rows_of, stock_of


def scatter(apart: int) -> Scatter:
    return Scatter(type="scatter", by="letter", apart=apart)


def cap(most: int, window: int | None = None) -> Cap:
    return Cap(type="cap", by="letter", most=most, window=window)


def test_without_rules_the_order_stays() -> None:
    assert letters("hello", []) == "hello"


def test_scattered_items_keep_their_distance_and_else_their_order() -> None:
    assert letters("aaabbbccc", [scatter(3)]) == "abcabcabc"
    assert letters("aabbcc", [scatter(2)]) == "ababcc"


def test_a_rule_that_cannot_be_kept_gives_way_and_the_page_is_full() -> None:
    stock = stock_of(falling(4), {"letter": list("aaab")})
    made = arrange([scatter(2)], stock, 4)
    assert rows_of(made) == [0, 3, 1, 2]
    assert [one.waived for one in made] == [(), (), (), ("scatter letter",)]


def test_what_was_held_back_names_the_rule_and_so_does_what_came_before_it() -> None:
    made = arrange([scatter(2)], stock_of(falling(3), {"letter": list("aab")}), 3)
    assert [(one.row, one.rules) for one in made] == [
        (0, ()),
        (2, ("scatter letter",)),
        (1, ("scatter letter",)),
    ]


def test_a_cap_counts_on_a_page_or_in_every_window() -> None:
    assert letters("aaaabbbb", [cap(2)], page=4) == "aabbaabb"[:4] + "aabb"
    assert letters("aaaaabc", [cap(1, window=2)]) == "abacaaa"


def test_a_cap_of_a_page_counts_from_its_first_place() -> None:
    stock = stock_of([1.0, 0.5, 0, 0], {"letter": list("aaaa")}, count=2, shown=(2, 3), start=3)
    made = arrange([cap(1)], stock, 2)
    assert [one.waived for one in made] == [(), ("cap letter",)]


def test_the_last_rule_gives_way_first() -> None:
    text = "aab"
    colours = ["red", "blue", "red"]
    stock = stock_of(falling(3), {"letter": list(text), "colour": colours})
    other = Scatter(type="scatter", by="colour", apart=2)
    assert rows_of(arrange([scatter(2), other], stock, 2)) == [0, 2]
    assert rows_of(arrange([other, scatter(2)], stock, 2)) == [0, 1]


def test_nothing_rises_from_deeper_than_is_looked_at() -> None:
    assert letters("aaaab", [scatter(2)], depth=3) == "aabaa"
    assert letters("aaaab", [scatter(2)], depth=4) == "abaaa"


def test_items_without_a_value_are_like_none() -> None:
    made = arrange([scatter(3)], stock_of(falling(4), {"letter": [None, None, "a", "a"]}), 4)
    assert rows_of(made) == [0, 1, 2, 3]


def test_each_of_several_values_counts() -> None:
    stock = stock_of(falling(3), {"letter": [["x", "y"], ["y", "z"], ["z"]]})
    assert rows_of(arrange([scatter(2)], stock, 3)) == [0, 2, 1]


@given(
    st.text("abcd", min_size=1, max_size=40),
    st.integers(2, 4),
    st.integers(1, 3),
    st.integers(1, 40),
)
def test_pages_go_on_where_the_one_before_ended(text: str, apart: int, most: int, cut: int) -> None:
    rules = [cap(most, window=5), scatter(apart)]
    whole = letters_of(text, rules, ())
    first = whole[:cut]
    assert first + letters_of(text, rules, first) == whole
    assert sorted(whole) == list(range(len(text)))


@given(st.text("abc", min_size=1, max_size=30), st.integers(2, 4))
def test_a_scatter_is_broken_only_where_nothing_else_is_left(text: str, apart: int) -> None:
    stock = stock_of(falling(len(text)), {"letter": list(text)})
    made = arrange([scatter(apart)], stock, len(text))
    for place, one in enumerate(made):
        near = {text[other.row] for other in made[max(0, place - apart + 1) : place]}
        left = {text[other.row] for other in made[place:]}
        assert bool(one.waived) == (text[one.row] in near)
        assert not one.waived or left <= near


@pytest.mark.parametrize("seed", range(3))
def test_equal_relevance_keeps_the_order(seed: int) -> None:
    draws = np.random.default_rng(seed)
    stock = stock_of([0.0] * 20, {"letter": draws.integers(0, 20, 20).tolist()})
    made = rows_of(arrange([], stock, 20))
    assert all(first < second for first, second in pairwise(made))


def letters_of(text: str, rules: list[Cap | Scatter], shown: tuple[int, ...]) -> tuple[int, ...]:
    """Arrange what was not shown yet; rows are places in the text."""
    rest = [row for row in range(len(text)) if row not in shown]
    rows = [*rest, *shown]
    relevance = np.array(falling(len(text)))[rows].tolist()
    stock = stock_of(
        relevance,
        {"letter": [text[row] for row in rows]},
        count=len(rest),
        shown=tuple(range(len(rest), len(rows))),
        start=len(shown) + 1,
    )
    return tuple(rows[one.row] for one in arrange(rules, stock, len(rest)))
