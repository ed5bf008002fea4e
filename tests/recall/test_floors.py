import numpy as np

from recall.floors import item_cf, popular
from tests.recall.spaces.worlds import checkerboard, liked_of

LIKED = liked_of([(0, 0), (0, 1), (1, 0), (1, 2), (2, 0)], 3)


def test_popular_ranks_by_how_many_like_an_item():
    scores = popular(LIKED, 4).score(np.array([2, 0], np.int32))
    assert scores.tolist() == [[3, 1, 1, 0], [3, 1, 1, 0]]


def test_item_cf_is_the_balanced_product_of_likes():
    likes = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0]], np.float32)
    items = np.maximum(likes.sum(0), 1)
    even = likes / np.sqrt(likes.sum(1, keepdims=True) * items)
    expected = likes @ even.T @ even
    persons = np.array([2, 0, 1], np.int32)
    assert np.allclose(item_cf(LIKED, 4).score(persons), expected[persons], atol=1e-6)


def test_item_cf_knows_colours_apart():
    liked = checkerboard().graph.edges["liked"]
    scores = item_cf(liked, 40).score(np.arange(40, dtype=np.int32))
    own = (np.arange(40)[:, None] + np.arange(40)) % 2 == 0
    assert scores[~own].max() == 0
    assert scores[own].min() > 0
