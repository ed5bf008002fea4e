from dataclasses import replace

import numpy as np
import pytest

from recall.samples.spec import Balance, Hard, Mixture
from recall.samples.survey import GROUPS, Survey, survey
from tests.recall.samples.worlds import small

MIXTURE = Mixture(
    count=1000, batch=False, exposed=0.2, hard=[Hard(same="city", other="category", share=0.2)]
)


def looked(mixture: Mixture = MIXTURE, balance: Balance | None = None) -> Survey:
    return survey(small(), mixture, balance or Balance(), 1)


def test_sources_have_their_shares() -> None:
    found = looked().metrics()
    assert found["samples.random"] == pytest.approx(0.65, abs=0.03)  # one of four passed nothing by
    assert found["samples.exposed"] == pytest.approx(0.15, abs=0.03)
    assert found["samples.same-city-other-category"] == pytest.approx(0.2, abs=0.03)


def test_false_negatives_are_counted() -> None:
    found = looked()
    assert found.sources["exposed"].liked == 0
    assert found.sources["same city, other category"].liked == 0
    assert 0 < found.liked() < 1


def test_others_of_the_batch_are_negatives_too() -> None:
    """Of four likes two are of one item; only person 1's item is nothing that person 0 likes."""
    found = looked(Mixture(count=1, batch=True)).sources["batch"]
    assert found.count == 12
    assert found.items.tolist() == [6, 3, 0, 3, 0, 0]
    assert found.liked == 6


def test_what_is_never_drawn_is_told() -> None:
    assert looked().never() == 0
    few = looked(Mixture(count=1, batch=False))
    assert few.never() == pytest.approx(5 / 6)


def test_groups_are_of_one_size_and_in_order() -> None:
    found = looked()
    assert sorted(found.groups) == [0, 1, 3, 5, 6, 8]
    assert found.groups[5] == 0
    assert found.by_group(found.positives).sum() == pytest.approx(1)
    assert len(found.by_group(found.positives)) == GROUPS


def test_scenes_are_told_as_they_are_and_as_they_are_drawn() -> None:
    found = looked(balance=Balance(scenes=0)).scenes
    assert found["home"] == (0.5, pytest.approx(1 / 3))
    assert found["cheap"] == (0.25, pytest.approx(1 / 3))
    assert found["(none)"] == (0.25, pytest.approx(1 / 3))


def test_nobody_who_likes_anything_is_no_error() -> None:
    deeds = replace(
        small().deeds,
        starts=np.zeros(4, np.int64),
        items=np.zeros(0, np.int32),
        times=np.zeros(0),
        weights=np.zeros(0, np.float32),
        scenes=np.zeros(0, np.int32),
    )
    found = survey(replace(small(), deeds=deeds), MIXTURE, Balance(), 1)
    assert found.sources == {}
    assert found.never() == 1
