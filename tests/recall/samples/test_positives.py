import numpy as np
import pytest

from recall.samples.positives import positives_of
from recall.samples.spec import Balance
from recall.spaces.trained import Deeds


def deeds(scenes: list[int], weights: list[float] | None = None) -> Deeds:
    count = len(scenes)
    return Deeds(
        np.array([0, count], np.int64),
        np.arange(count, dtype=np.int32) % 5,
        np.arange(count, dtype=np.float64),
        np.array(weights or [1] * count, np.float32),
        np.array(scenes, np.int32),
    )


UNEVEN = deeds([0] * 90 + [1] * 9 + [-1])


def test_each_comes_once_where_nothing_is_balanced() -> None:
    found = positives_of(UNEVEN, 5, Balance()).epoch(np.random.default_rng(0))
    assert sorted(found) == list(range(100))
    assert list(found) != sorted(found)


def test_scenes_come_alike_with_a_power_of_nought() -> None:
    positives = positives_of(UNEVEN, 5, Balance(scenes=0))
    assert positives.times[:90].sum() == pytest.approx(100 / 3)
    assert positives.times[90:99].sum() == pytest.approx(100 / 3)
    assert positives.times[99] == pytest.approx(100 / 3)
    draws = np.random.default_rng(0)
    sizes = [np.bincount(UNEVEN.scenes[positives.epoch(draws)] + 1) for _ in range(300)]
    assert np.mean(sizes, axis=0) == pytest.approx([100 / 3] * 3, rel=0.03)


def test_a_power_between_lifts_small_scenes() -> None:
    times = positives_of(UNEVEN, 5, Balance(scenes=0.5)).times
    sizes = np.array([times[:90].sum(), times[90:99].sum()])
    assert sizes[0] / sizes[1] == pytest.approx(np.sqrt(10))


def test_heavy_deeds_come_as_often_as_they_weigh() -> None:
    times = positives_of(deeds([0, 0, 0], [1, 1, 4]), 5, Balance(weights=1)).times
    assert times == pytest.approx([0.5, 0.5, 2])


def test_what_cannot_be_used_is_not_drawn() -> None:
    usable = np.array([0, 1, 1, 0], bool)
    positives = positives_of(deeds([0] * 4), 5, Balance(), usable)
    assert sorted(positives.epoch(np.random.default_rng(0))) == [1, 2]
    assert np.exp(positives.log_chances[[1, 2]]) == pytest.approx([0.5, 0.5])
    assert np.exp(positives.log_chances[[0, 3]]) == pytest.approx([0, 0], abs=1e-6)


def test_batches_are_an_epoch() -> None:
    positives = positives_of(UNEVEN, 5, Balance())
    parts = list(positives.batches(32, np.random.default_rng(3)))
    assert [len(part) for part in parts] == [32, 32, 32, 4]
    assert (np.concatenate(parts) == positives.epoch(np.random.default_rng(3))).all()


def test_nothing_gives_no_batch() -> None:
    positives = positives_of(deeds([]), 5, Balance())
    assert list(positives.batches(8, np.random.default_rng(0))) == []
