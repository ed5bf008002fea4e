"""Items speak for their tags, and no tag wins by having many."""

import numpy as np

from ranking.tags.summing import Owned, spoken_for, summed
from recall.candidates import Candidates


def found(*items: int) -> Candidates:
    scores = np.linspace(1, 0, len(items))
    return Candidates("c", np.array(items, np.int32), scores)


def owned(*pairs: tuple[int, int]) -> Owned:
    return Owned(*np.array(sorted(pairs), np.int32).reshape(-1, 2).T)


def test_two_in_front_say_more_than_a_hundred_behind() -> None:
    few, many = [(1, 7), (2, 7)], [(n, 8) for n in range(3, 103)]
    got = summed(found(*range(1, 103)), owned(*few, *many), 0.5)
    assert got.items.tolist() == [7, 8]
    assert got.scores[1] < 2 / np.log2(4), "all of them say less than twice what the best does"


def test_several_good_ones_outvote_a_single_one_that_is_as_good() -> None:
    got = summed(found(1, 2, 3, 4, 5), owned((1, 7), (2, 8), (3, 8), (4, 8), (5, 8)), 0.5)
    assert got.items.tolist()[0] == 8


def test_an_item_of_two_tags_gives_each_half() -> None:
    got = summed(found(1), owned((1, 7), (1, 8)), 0.5)
    assert got.scores.tolist() == [0.5, 0.5]
    assert got.items.tolist() == [7, 8]


def test_with_nothing_more_only_the_best_item_counts() -> None:
    got = summed(found(1, 2, 3), owned((1, 7), (2, 8), (3, 8)), 0.0)
    assert got.scores.tolist() == [1.0, 1 / np.log2(3)]


def test_items_without_tags_say_nothing() -> None:
    assert len(summed(found(1, 2), owned(), 0.5).items) == 0
    assert summed(found(), owned((1, 7)), 0.5).items.tolist() == []


def test_the_items_in_front_of_any_channel_are_the_examples() -> None:
    pairs = owned((1, 7), (2, 7), (3, 7), (4, 8))
    got = spoken_for((found(4, 1), found(3, 2, 1)), pairs, [7, 8, 9], 2)
    assert got == {7: [3, 1], 8: [4], 9: []}
