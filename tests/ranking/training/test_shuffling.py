import numpy as np

from ranking.training.dealing import shuffled_within_days

DAY = 86_400


def test_rows_are_shuffled_within_their_day() -> None:
    times = np.repeat(np.arange(3.0), 50) * DAY + np.tile(np.arange(50.0), 3)
    order = shuffled_within_days(times, np.random.default_rng(1))
    assert sorted(order.tolist()) == list(range(150))
    assert bool((np.diff(times[order] // DAY) >= 0).all())
    assert bool((np.diff(times[order]) < 0).any())
