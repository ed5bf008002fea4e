"""The bench's own measure of interests, on a person whose likes are of two kinds."""

import numpy as np
import pytest

from bench.interests import Truth, judge_moods

ITEMS = np.array([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]], np.float32)
LABELS = np.array([0, 0, 2, 2], np.int32)
TRUTH = Truth(np.array([0], np.int32), ((np.arange(4, dtype=np.int32), LABELS),))


def asked(*vectors: tuple[float, float]) -> np.ndarray:
    return np.array([vectors], np.float32)


def test_a_vector_for_each_interest_is_pure() -> None:
    found = judge_moods(TRUTH, asked((1, 0), (0, 1)), ITEMS)
    assert (found.purity, found.found) == (1, 1)
    assert found.alike == pytest.approx(0)


def test_collapsed_vectors_are_no_purer_than_one() -> None:
    found = judge_moods(TRUTH, asked((1, 1), (1, 1)), ITEMS)
    assert found.purity == TRUTH.largest() == 0.5
    assert found.found == 0.5
    assert found.alike == pytest.approx(1)
