from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.graph import edges_of
from recall.samples.negatives import Drawn, negatives_of
from recall.samples.spec import Hard, Mixture
from recall.spaces.trained import Deeds, Samples
from tests.recall.samples.worlds import CATEGORIES, CITIES, EXPOSURES, LIKES, small
from weft.errors import BuildError

MANY = 20_000
CHANCES = np.maximum(EXPOSURES, 1) ** 0.75 / (np.maximum(EXPOSURES, 1) ** 0.75).sum()
CHI_SQUARE = [1e-9, 10.83, 13.82, 16.27, 18.47, 20.52]  # exceeded once in a thousand times
CITY = Hard(same="city", other="category", share=0.5)


def drawn(mixture: Mixture, person: int, item: int, samples: Samples | None = None) -> Drawn:
    persons, items = np.array([person], np.int32), np.array([item], np.int32)
    return negatives_of(samples or small(), mixture).draw(persons, items, np.random.default_rng(1))


def counts(numbers: np.ndarray) -> np.ndarray:
    return np.bincount(numbers.ravel(), minlength=6)


def agree(found: np.ndarray, chances: np.ndarray) -> None:
    """What cannot be drawn is not; what can comes as often as it should."""
    assert found[chances == 0].sum() == 0
    able = chances > 0
    wanted = chances[able] / chances.sum() * found.sum()
    assert ((found[able] - wanted) ** 2 / wanted).sum() <= CHI_SQUARE[able.sum() - 1]


def test_random_ones_follow_exposures_to_a_power() -> None:
    found = drawn(Mixture(count=MANY), 0, 0)
    agree(counts(found.shared), CHANCES)
    assert found.own.shape == (1, 0)
    assert found.shared_log_chances == pytest.approx(np.log(CHANCES)[found.shared][None], abs=1e-5)


def test_what_was_passed_by_comes_as_often_as_it_was() -> None:
    found = drawn(Mixture(count=MANY, exposed=1), 0, 0)
    agree(counts(found.own), np.array([0, 0, 3, 0, 0, 1]))
    assert (found.sources == 1).all()


def test_who_passed_nothing_by_gets_random_ones() -> None:
    found = drawn(Mixture(count=MANY, exposed=1), 1, 3)
    agree(counts(found.own), CHANCES)
    assert (found.sources == 0).all()


def test_hard_ones_are_of_the_same_city_and_another_category() -> None:
    found = drawn(Mixture(count=MANY, hard=[Hard(same="city", other="category", share=1)]), 1, 3)
    agree(counts(found.own), CHANCES * (CITIES == 1) * (CATEGORIES != 1))


def test_hard_ones_of_the_same_category_are_never_the_positive() -> None:
    found = drawn(Mixture(count=MANY, hard=[Hard(same="category", share=1)]), 0, 5)
    assert set(found.own.ravel()) == {4}


@pytest.mark.parametrize("item", [5, 0])
def test_where_nothing_is_hard_random_ones_come(item: int) -> None:
    """Item 5 has no city; of item 0's city all else is gone."""
    samples = replace(small(), listed=np.array([1, 1, 0, 1, 1, 1], bool))
    found = drawn(
        Mixture(count=MANY, hard=[Hard(same="city", other="category", share=1)]), 0, item, samples
    )
    agree(counts(found.own), CHANCES * samples.listed)
    assert (found.sources == 0).all()


def test_a_mixture_has_its_shares() -> None:
    mixture = Mixture(
        count=MANY, random=0.5, exposed=0.2, hard=[CITY.model_copy(update={"share": 0.3})]
    )
    found = drawn(mixture, 0, 0)
    assert len(found.shared) == MANY / 2
    agree(np.bincount(found.sources.ravel(), minlength=3)[1:], np.array([0.2, 0.3]))


def test_items_that_are_not_offered_yet_are_not_drawn() -> None:
    listed = np.array([1, 0, 1, 1, 1, 0], bool)
    found = drawn(Mixture(count=MANY), 0, 0, replace(small(), listed=listed))
    agree(counts(found.shared), CHANCES * listed)


def test_without_exposures_positives_count() -> None:
    samples = replace(small(), exposures=np.zeros(6, np.float32))
    found = drawn(Mixture(count=MANY, power=1), 0, 0, samples)
    agree(counts(found.shared), np.array([2, 1, 1, 1, 1, 1.0]))


def test_random_ones_by_category_come_as_positives_do() -> None:
    found = drawn(Mixture(count=MANY, by="category"), 0, 0)
    by_category = np.bincount(CATEGORIES, counts(found.shared))
    agree(by_category, np.array([3, 1, 1]))
    dresses = counts(found.shared)[:2]
    agree(dresses, CHANCES[:2])


def test_likes_of_the_person_are_marked() -> None:
    mixture = Mixture(count=600, random=0.5, hard=[Hard(same="city", share=0.5)])
    found = drawn(mixture, 0, 2)
    for items, marks in ((found.shared[None], found.shared_liked), (found.own, found.own_liked)):
        assert (marks == np.isin(items, [*LIKES[0], 2])).all()


MIXED = Mixture(
    count=MANY,
    exposed=0.25,
    hard=[Hard(same="city", other="category", share=0.25), Hard(same="category", share=0.1)],
    corrected="mixture",
)


@pytest.mark.parametrize(("person", "item"), [(0, 0), (0, 1), (1, 3), (2, 4), (1, 5)])
def test_chances_of_a_mixture_are_those_of_what_is_drawn(person: int, item: int) -> None:
    found = drawn(MIXED, person, item)
    everything = np.concatenate([found.shared, found.own[0]])
    logs = np.concatenate([found.shared_log_chances[0], found.own_log_chances[0]])
    chances = np.zeros(6)
    chances[everything] = np.exp(logs)
    assert chances.sum() == pytest.approx(1, abs=1e-4)
    agree(counts(everything), chances)


def test_the_same_seed_draws_the_same() -> None:
    one, other = drawn(MIXED, 0, 0), drawn(MIXED, 0, 0)
    assert (one.own == other.own).all()
    assert (one.shared == other.shared).all()


def test_without_correction_nothing_is_taken_off() -> None:
    found = drawn(MIXED.model_copy(update={"corrected": "none"}), 0, 0)
    assert not found.own_log_chances.any()
    assert not found.shared_log_chances.any()


def test_an_attribute_that_was_not_read_is_named() -> None:
    with pytest.raises(BuildError, match="no item attribute 'color' was read; there are category"):
        negatives_of(small(), Mixture(hard=[Hard(same="color", share=0.1)]))


@st.composite
def shops(draw: st.DrawFn) -> Samples:
    """Any small shop, with gaps everywhere."""
    seed, persons, items = (draw(st.integers(low, 8)) for low in (0, 1, 1))
    luck = np.random.default_rng(seed)
    sizes = luck.integers(0, 4, persons)
    count = sizes.sum()
    deeds = Deeds(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        luck.integers(0, items, count).astype(np.int32),
        np.arange(count, dtype=np.float64),
        np.ones(count, np.float32),
        np.full(count, -1, np.int32),
    )
    pairs = np.unique(luck.integers(0, persons * items, 6))
    passed = edges_of(
        "person",
        "item",
        (pairs // items).astype(np.int32),
        (pairs % items).astype(np.int32),
        np.ones(len(pairs), np.float32),
        persons,
    )
    traits = {name: luck.integers(-1, 3, items).astype(np.int32) for name in ("city", "category")}
    exposures = luck.integers(0, 5, items).astype(np.float32)
    return Samples(deeds, exposures, passed, traits={"item": traits})


@given(shops())
def test_every_negative_is_what_its_source_promises(samples: Samples) -> None:
    items = len(samples.exposures)
    persons = np.arange(len(samples.deeds.starts) - 1, dtype=np.int32)
    positives = (persons % items).astype(np.int32)
    mixture = MIXED.model_copy(update={"count": 40})
    found = negatives_of(samples, mixture).draw(persons, positives, np.random.default_rng(0))
    city, category = samples.traits["item"]["city"], samples.traits["item"]["category"]
    here, there = np.broadcast_to(positives[:, None], found.own.shape), found.own
    hard, same = found.sources == 2, found.sources == 3
    assert (city[here] == city[there])[hard].all()
    assert (category[here] != category[there])[hard].all()
    assert (category[here] == category[there])[same].all()
    assert (here != there)[same].all()
    assert samples.passed is not None
    pairs = set(zip(samples.passed.sources(), samples.passed.targets, strict=True))
    rows, _ = np.nonzero(found.sources == 1)
    assert set(zip(persons[rows], there[found.sources == 1], strict=True)) <= pairs
    assert np.isfinite(found.own_log_chances).all()
