import numpy as np

from recall.candidates import Candidates
from recall.fusion import snake


def candidates(channel: str, *items: int) -> Candidates:
    return Candidates(channel, np.array(items, np.int32), np.ones(len(items)))


def test_channels_take_turns_and_an_item_keeps_its_first_place() -> None:
    found = snake([candidates("a", 1, 2, 3), candidates("b", 2, 9)], 10)
    assert [(f.item, f.channel) for f in found] == [(1, "a"), (2, "b"), (9, "b"), (3, "a")]


def test_the_order_is_cut() -> None:
    assert [f.item for f in snake([candidates("a", 1, 2, 3)], 2)] == [1, 2]


def test_nothing_found_is_an_empty_order() -> None:
    assert snake([candidates("a"), candidates("b")], 5) == ()
