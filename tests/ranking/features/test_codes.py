import numpy as np
from pydantic import TypeAdapter

from ranking.features.coding import Listed, Spread
from ranking.features.collisions import crowding
from ranking.features.hashing import crossed, tokens_of, tokens_of_ids
from ranking.features.moments import local, micros
from ranking.features.scaling import Buckets, Normal, scaling_of
from ranking.features.spec import Number, Scaled
from ranking.features.timeline import timeline_of


def scaled(**options: object) -> Scaled:
    given = {"type": "number", "of": "item.price", **options}
    return TypeAdapter(Number).validate_python(given)


def ones(numbers: np.ndarray) -> np.ndarray:
    return np.ones(len(numbers))


def test_listed_words_have_codes_and_others_share_one() -> None:
    words = tokens_of(["a", "b", "new", None])
    codes = Listed(np.sort(words[:2])).codes(words)
    assert sorted(codes[:2]) == [1, 2]
    assert codes[2:].tolist() == [3, 0]


def test_hashed_words_spread_evenly_and_are_never_missing() -> None:
    codes = Spread(7, 100).codes(tokens_of_ids(np.arange(100_000)))
    counts = np.bincount(codes, minlength=101)
    assert counts[0] == 0
    assert (counts[1:].min(), counts[1:].max()) > (850, 1000)
    assert counts.max() < 1150


def test_order_matters_in_a_cross_and_what_is_missing_makes_it_missing() -> None:
    a, b = tokens_of(["a", "b", None]), tokens_of(["b", "a", "a"])
    found = crossed([a, b])
    assert found[0] != found[1]
    assert found[2] == 0


def test_crowding_counts_who_shares() -> None:
    tokens = tokens_of_ids(np.arange(1000))
    told = crowding("ids", Spread(3, 1000), tokens, np.ones(1000))
    assert abs(told.shared - told.expected) < 0.05
    assert told.used == len(np.unique(Spread(3, 1000).codes(tokens)))
    few = crowding("ids", Listed(np.sort(tokens[:998])), tokens, np.arange(1000.0))
    assert few.shared == 0.002
    assert few.expected == 0


def test_quantiles_hold_as_many_each_and_keep_equals_together() -> None:
    numbers = np.array([1.0] * 50 + list(range(2, 52)) + [np.nan])
    buckets = scaling_of(scaled(buckets=4), numbers, ones(numbers))
    assert isinstance(buckets, Buckets)
    counts = np.bincount(buckets.codes(numbers))
    assert counts.tolist() == [1, 50, 25, 25]
    assert buckets.size == 4


def test_quantiles_go_by_samples_and_not_by_things() -> None:
    numbers = np.arange(10.0)
    buckets = scaling_of(scaled(buckets=2), numbers, np.array([91.0] + [1.0] * 9))
    assert isinstance(buckets, Buckets)
    assert buckets.codes(numbers).tolist() == [1] * 10 or buckets.edges.tolist() == [1.0]


def test_numbers_are_normal_after_the_logarithm() -> None:
    numbers = np.expm1(np.random.default_rng(0).normal(3, 0.5, 5000))
    normal = scaling_of(scaled(scale="lognormal"), numbers, ones(numbers))
    assert isinstance(normal, Normal)
    found = normal.scaled(numbers)
    assert abs(found.mean()) < 0.01
    assert abs(found.std() - 1) < 0.01
    assert normal.scaled(np.array([np.nan, 1e30])).tolist() == [0, 5]


def test_a_number_is_scaled_the_same_alone_and_among_others() -> None:
    numbers = np.random.default_rng(0).lognormal(3, 2, 1001)
    normal = Normal(2.0, 1.5, True)
    whole = normal.scaled(numbers)
    alone = np.concatenate([normal.scaled(numbers[n : n + 1]) for n in range(len(numbers))])
    assert whole.tobytes() == alone.tobytes()
    assert normal.scaled(numbers[::-3]).tobytes() == whole[::-3].tobytes()


def test_timelines_count_like_a_loop_does() -> None:
    draws = np.random.default_rng(0)
    keys, times = draws.integers(0, 9, 200), draws.integers(0, 50, 200)
    order = np.lexsort((times, keys))
    line = timeline_of(keys[order], times[order])
    asked, ends = draws.integers(-1, 11, 300), draws.integers(-5, 60, 300)
    begins = ends - draws.integers(0, 30, 300)
    first, last = line.between(asked, begins, ends)
    loop = [
        int(((keys == k) & (times >= b) & (times < e)).sum())
        for k, b, e in zip(asked, begins, ends, strict=True)
    ]
    assert (last - first).tolist() == loop


def test_hours_are_those_of_the_zone() -> None:
    moments = micros(np.array([1_774_742_399.0, 1_774_742_400.0, 1_774_746_000.0]))
    hours, days = local(moments, "Asia/Shanghai")
    assert hours.tolist() == [7, 8, 9]
    assert days.tolist() == [6, 6, 6]
    summer, _ = local(moments, "Europe/Paris")
    assert summer.tolist() == [0, 1, 3]
