from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ranking.coarse.scorer import CoarseScorer
from ranking.coarse.sides import open_side, write_side
from ranking.examples import Inputs, nothing
from ranking.rankers.lesson import Lesson
from ranking.rankers.towers import Distil, Towers
from tests.ranking.rankers.worlds import World, world

SMALL: dict[str, Any] = {
    "dim": 8,
    "epochs": 2,
    "rate": 0.01,
    "batch": 256,
    "hidden_asks": [32],
    "hidden_items": [32],
}
ALL: dict[str, Any] = {"attention": "nova", "items": "fibinet", "top": "mlp", "cross": "fm"}


@pytest.fixture(scope="module")
def tiny() -> World:
    return world(200)


def learned(tiny: World, **options: Any) -> CoarseScorer:
    ranker = Towers(type="towers", **{**SMALL, **options})
    lesson = Lesson(tiny.layout, tiny.learn, tiny.check)
    if ranker.distil is not None:
        plain = ranker.model_copy(update={"distil": None})
        lesson = Lesson(tiny.layout, tiny.learn, tiny.check, teacher=plain.fit(lesson))
    found = ranker.fit(lesson)
    assert isinstance(found, CoarseScorer)
    return found


def everything(tiny: World, ask: int) -> Inputs:
    """Pair one who asks with all items."""
    some = tiny.later.inputs
    rows = np.arange(len(some.items))
    asks, none = some.asks.part(np.array([ask])), np.zeros((len(rows), 0), np.int32)
    return Inputs(asks, some.items, nothing(len(rows)), np.zeros(len(rows), np.int64), rows, none)


@pytest.mark.parametrize(
    "options",
    [{}, {"cross": "none"}, ALL, {**ALL, "distil": Distil(teacher="fine", heads=2)}],
    ids=["plain", "dot", "all", "heads"],
)
def test_the_fast_way_scores_as_the_slow_one(
    tiny: World, tmp_path: Path, options: dict[str, Any]
) -> None:
    found, pairs = learned(tiny, **options), everything(tiny, 5)
    write_side(tmp_path / "items.npy", found.item_side(pairs.items))
    side = open_side(tmp_path / "items.npy")
    assert isinstance(side, np.memmap)
    rows = np.array([7, 3, 59, 3])
    fast = found.score_among(pairs.asks, side, rows)
    np.testing.assert_allclose(fast, found.score(pairs)[rows], rtol=1e-5)
    assert fast.shape == (4, 1)
    assert np.ptp(fast) > 0


def test_what_is_written_anew_replaces_the_old_rows(tmp_path: Path) -> None:
    file = tmp_path / "items.npy"
    write_side(file, np.zeros((2, 3), np.float32))
    old = open_side(file)
    write_side(file, np.ones((4, 3), np.float32))
    assert old.shape == (2, 3)
    assert open_side(file).sum() == 12
    assert [path.name for path in tmp_path.iterdir()] == ["items.npy"]
