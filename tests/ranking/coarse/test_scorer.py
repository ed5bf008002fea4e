from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ranking.coarse.scorer import CoarseScorer
from ranking.examples import Inputs, nothing
from ranking.rankers.lesson import Lesson
from ranking.rankers.towers import Distil, Towers
from tests.ranking.rankers.worlds import World, world
from weft.shared import FOLDER, shared

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
    tiny: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    found, pairs = learned(tiny, **options), everything(tiny, 5)
    monkeypatch.setenv(FOLDER, str(tmp_path))
    side = shared("side", "1", lambda: {"rows": found.item_side(pairs.items)})["rows"]
    assert isinstance(side.base, np.memmap)
    rows = np.array([7, 3, 59, 3])
    fast = found.score_among(pairs.asks, side, rows)
    np.testing.assert_allclose(fast, found.score(pairs)[rows], rtol=1e-5)
    assert fast.shape == (4, 1)
    assert np.ptp(fast) > 0
