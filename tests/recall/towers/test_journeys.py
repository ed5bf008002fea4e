import numpy as np

from recall.spaces.trained import Deeds, Samples
from recall.towers.journeys import shuffled

STARTS = np.array([0, 6, 6, 9])


def test_shuffled_deeds_stay_with_their_person_and_keep_what_they_weigh() -> None:
    items = np.arange(9, dtype=np.int32)
    deeds = Deeds(STARTS, items, np.arange(9.0), items + np.float32(1), items)
    mixed = shuffled(Samples(deeds, np.ones(9, np.float32)), np.random.default_rng(1)).deeds
    assert mixed.items.tolist() != items.tolist()
    assert sorted(mixed.items[:6]) == [0, 1, 2, 3, 4, 5]
    assert mixed.times.tolist() == deeds.times.tolist()
    assert np.array_equal(mixed.weights, mixed.items + 1)
    assert np.array_equal(mixed.scenes, mixed.items)
