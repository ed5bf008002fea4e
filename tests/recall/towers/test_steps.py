import numpy as np

from recall.samples.kernels import Liked
from recall.towers.steps import all_of, in_batch, liked_among, numbered


def test_all_other_items_count_and_the_positive_does_not() -> None:
    against = all_of(5, np.array([3, 0], np.int32))
    assert against.shared.tolist() == [0, 1, 2, 3, 4]
    rows, places = against.barred
    assert list(zip(rows.tolist(), places.tolist(), strict=True)) == [(0, 3), (1, 0)]
    assert against.own.shape == (2, 0)


def test_the_chance_to_be_in_a_batch_is_that_of_one_of_many_draws() -> None:
    targets = np.array([4, 4, 1, 1, 1, 0], np.int32)
    shares = np.array([0.01, 0.3, 0.1, 0.1, 0.49], np.float64)
    others, logs = in_batch(targets, np.log(shares).astype(np.float32))
    assert others.tolist() == [0, 1, 4]
    assert np.allclose(np.exp(logs), 1 - np.exp(-6 * shares[others]), rtol=1e-4)


def test_what_persons_like_is_found_among_others() -> None:
    liked = Liked(np.array([0, 2, 2, 5]), np.array([1, 7, 0, 2, 7], np.int32))
    persons, others = np.array([2, 1, 0], np.int32), np.array([0, 7], np.int32)
    rows, places = liked_among(liked, persons, others, 8)
    assert list(zip(rows.tolist(), places.tolist(), strict=True)) == [(0, 0), (0, 1), (2, 1)]


def test_each_item_is_named_once() -> None:
    parts = np.array([[5, 2], [2, 9]], np.int32), np.array([9, 9], np.int32)
    items, places = numbered(*parts)
    assert items.tolist() == [2, 5, 9]
    for part, where in zip(parts, places, strict=True):
        assert np.array_equal(items[where], part)
