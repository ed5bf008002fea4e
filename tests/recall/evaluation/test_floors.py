import numpy as np

from graph.graph import edges_of
from recall.evaluation.exam import NOBODY
from recall.evaluation.floors import floors


def ties(kind, pairs, size):
    sources, targets = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    return edges_of(kind, "item", sources, targets, np.ones(len(pairs), np.float32), size)


def test_floors_rank_what_is_offered_and_not_left_out():
    liked = ties("person", [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 1), (3, 4)], 4)
    left_out = ties("question", [(0, 1), (0, 2), (1, 1)], 2)
    offered = {"home": np.array([False, True, True, True, True]), "few": np.arange(5) == 2}
    persons = np.array([1, 3], np.int32)
    popular, item_cf = floors(liked, persons, ("home", "few"), left_out, offered, 3)
    assert popular.items.tolist() == [[3, 4, NOBODY], [2, NOBODY, NOBODY]]
    assert item_cf.items[0].tolist()[0] == 3  # the second person likes the same, and item 3
    assert item_cf.items[1].tolist() == [2, NOBODY, NOBODY]


def test_item_cf_finds_nothing_for_somebody_without_history():
    liked = ties("person", [(1, 1), (1, 2)], 3)
    left_out = edges_of("question", "item", *(np.zeros(0, t) for t in ("i4", "i4", "f4")), 1)
    offered = {"home": np.array([False, True, True])}
    popular, item_cf = floors(liked, np.array([2], np.int32), ("home",), left_out, offered, 2)
    assert popular.items.tolist() == [[1, 2]]
    assert (item_cf.items == NOBODY).all()
