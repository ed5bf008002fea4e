import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recall.calibration import BUCKETS, UNMEASURED, calibrated, curves_of
from recall.candidates import Candidates
from recall.fusion import Found, Hit, Order, reciprocal, snake

LISTS = st.lists(st.lists(st.integers(1, 12), unique=True, max_size=8), max_size=4)
ORDERS = {"snake": snake, "reciprocal": reciprocal, "calibrated": calibrated}
every_order = pytest.mark.parametrize("name", ORDERS)


def candidates(channel: str, *items: int) -> Candidates:
    return Candidates(channel, np.array(items, np.int32), np.linspace(1, 0.5, len(items)))


def items(found: Order) -> list[int]:
    return [f.item for f in found]


def test_channels_take_turns_and_an_item_keeps_its_first_place() -> None:
    found = snake([candidates("a", 1, 2, 3), candidates("b", 2, 9)], 10)
    assert [(f.item, f.channel) for f in found] == [(1, "a"), (2, "b"), (9, "b"), (3, "a")]


def test_a_channel_of_weight_two_gives_two_in_a_turn() -> None:
    both = [candidates("a", 1, 2, 3, 4), candidates("b", 11, 12)]
    assert items(snake(both, 6, {"a": 2})) == [1, 11, 2, 3, 12, 4]


def test_an_item_remembers_all_that_found_it_and_who_decided_comes_first() -> None:
    found = snake([candidates("a", 1, 2, 3), candidates("b", 2, 9)], 10)
    assert found[1] == Found(2, 1.0, (Hit("b", 1, 1.0), Hit("a", 2, 0.75)))
    assert found[0].found_by == (Hit("a", 1, 1.0),)


def test_reciprocal_rank_prefers_what_several_have_in_front() -> None:
    both = [candidates("a", 1, 2, 3), candidates("b", 4, 2, 5)]
    found = reciprocal(both, 10)
    assert found[0].item == 2
    assert found[0].score == pytest.approx(2 / 62)
    assert items(reciprocal(both, 10, {"b": 9}))[:2] == [2, 4]


def test_calibrated_order_follows_what_channels_were_worth() -> None:
    shown = {"good": np.full(BUCKETS, 5000.0), "bad": np.full(BUCKETS, 5000.0)}
    liked = {"good": np.full(BUCKETS, 500.0), "bad": np.full(BUCKETS, 5.0)}
    curves = curves_of(shown, liked)
    both = [candidates("bad", 1, 2, 3), candidates("good", 7, 8, 9)]
    found = calibrated(both, 10, curves=curves)
    assert items(found) == [7, 8, 9, 1, 2, 3]
    assert found[0].score == pytest.approx(0.1, abs=0.01)


def test_found_twice_is_likelier_than_found_once() -> None:
    found = calibrated([candidates("a", 1, 2), candidates("b", 3, 2)], 10)
    first = UNMEASURED.chance("a", np.array([2]))[0]
    assert dict(zip(items(found), found, strict=True))[2].score == pytest.approx(
        1 - (1 - first) ** 2
    )


def test_what_nobody_measured_falls_with_the_rank() -> None:
    chances = UNMEASURED.chance("any", np.arange(1, 5_000))
    assert (np.diff(chances) <= 0).all()
    assert 0 < chances[-1] < chances[0] < 0.05


@every_order
def test_the_order_is_cut(name: str) -> None:
    assert items(ORDERS[name]([candidates("a", 1, 2, 3)], 2)) == [1, 2]


@every_order
def test_nothing_found_is_an_empty_order(name: str) -> None:
    assert list(ORDERS[name]([candidates("a"), candidates("b")], 5)) == []
    assert list(ORDERS[name]([], 5)) == []


@every_order
@given(lists=LISTS)
def test_every_item_comes_once_with_everybody_who_found_it(
    name: str, lists: list[list[int]]
) -> None:
    given_ = [candidates(f"c{n}", *some) for n, some in enumerate(lists)]
    found = ORDERS[name](given_, 100)
    assert sorted(items(found)) == sorted({item for some in lists for item in some})
    for one in found:
        told = {(hit.channel, hit.rank) for hit in one.found_by}
        assert told == {
            (f"c{n}", some.index(one.item) + 1) for n, some in enumerate(lists) if one.item in some
        }


@given(lists=LISTS, cut=st.integers(1, 12))
def test_a_shorter_snake_is_the_beginning_of_a_longer_one(lists: list[list[int]], cut: int) -> None:
    whole = snake([candidates(f"c{n}", *some) for n, some in enumerate(lists)], 100)
    short = snake([candidates(f"c{n}", *some[:cut]) for n, some in enumerate(lists)], cut)
    assert items(short) == items(whole)[:cut]
