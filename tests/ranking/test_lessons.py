from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from ranking.lessons import cut
from tests.ranking.rankers.worlds import world

BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def test_parts_by_time_share_no_request() -> None:
    three = replace(
        world().learn.part(np.arange(5)),
        groups=np.array([1, 1, 2, 2, 3]),
        times=np.array([0.0, 9.0, 99.0, 100.0, 100.0]),
    )
    earlier, later = cut(three, BEGIN + timedelta(seconds=100))
    assert (earlier.groups.tolist(), later.groups.tolist()) == ([1, 1], [3])


def test_nothing_is_cut_to_nothing() -> None:
    nothing = world().learn.part(np.zeros(0, np.int64))
    assert [len(part) for part in cut(nothing, BEGIN)] == [0, 0]
