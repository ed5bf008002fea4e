import numpy as np

from recall.spaces.trained import Deeds
from recall.towers.windows import again, dealt, last_windows, windows_of

STARTS = np.array([0, 5, 5, 7])


def deeds_of(items: list[int]) -> Deeds:
    size = len(items)
    ones, nowhere = np.ones(size, np.float32), np.full(size, -1, np.int32)
    return Deeds(STARTS, np.array(items, np.int32), np.arange(size, dtype=float), ones, nowhere)


DEEDS = deeds_of([3, 4, 3, 5, 4, 3, 3])


def test_each_deed_is_in_one_window_and_the_last_window_is_full() -> None:
    windows = windows_of(DEEDS, STARTS[1:], 2)
    assert windows.firsts.tolist() == [0, 1, 3, 5]
    assert windows.sizes.tolist() == [1, 2, 2, 2]
    assert windows.persons.tolist() == [0, 0, 0, 2]


def test_windows_end_where_they_are_told_to() -> None:
    windows = windows_of(DEEDS, np.array([4, 5, 6]), 3)
    assert windows.firsts.tolist() == [0, 1, 5]
    assert windows.sizes.tolist() == [1, 3, 1]


def test_the_last_deeds_of_who_did_nothing_are_none() -> None:
    windows = last_windows(DEEDS, STARTS[1:], 2, np.array([2, 1, 0], np.int32))
    assert windows.sizes.tolist() == [2, 0, 2]
    places, real = windows.places()
    assert places[real].tolist() == [5, 6, 3, 4]


def test_all_windows_are_dealt_out_once() -> None:
    windows = windows_of(DEEDS, STARTS[1:], 1)
    some = dealt(windows, 2, np.random.default_rng(0))
    firsts = np.concatenate([part.firsts for part in some])
    assert sorted(firsts.tolist()) == list(range(7))


def test_what_was_done_before_by_the_same_person_is_marked() -> None:
    assert again(DEEDS, 6).tolist() == [False, False, True, False, True, False, True]
