import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from ranking.rankers.fm import FM
from ranking.rankers.lesson import Checkpoints, Lesson, NoCheckpoints
from ranking.training.keeping import DatabaseCheckpoints, FileCheckpoints
from ranking.training.loop import train
from ranking.training.packing import unpack
from ranking.training.trained import Trained, arrays_of
from tests.ranking.rankers.worlds import World, world
from tests.ranking.training.killed import ARTIFACT, RANKER

CHECKOUT = Path(__file__).parents[3]


class Killed(Exception):
    """The process is gone."""


class Dying:
    """Checkpoints of a process that dies after keeping some."""

    def __init__(self, kept: Checkpoints, after: int) -> None:
        self.kept, self.after = kept, after

    def load(self) -> bytes | None:
        return self.kept.load()

    def save(self, content: bytes) -> None:
        self.kept.save(content)
        self.after -= 1
        if not self.after:
            raise Killed


@pytest.fixture(scope="module")
def tiny() -> World:
    return world(200)


def learn(tiny: World, ranker: FM, kept: Checkpoints | None = None) -> Trained:
    return train(
        ranker, Lesson(tiny.layout, tiny.learn, tiny.check, checkpoints=kept or NoCheckpoints())
    )


def assert_the_same(one: Trained, other: Trained) -> None:
    ours, theirs = arrays_of(one.network), arrays_of(other.network)
    for name in theirs:
        np.testing.assert_array_equal(ours[name], theirs[name], err_msg=name)
    assert one.calibration == other.calibration
    points = [[(p.epoch, p.loss, p.reached) for p in t.curve] for t in (one, other)]
    assert points[0] == points[1]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"averaged": None, "optimiser": "sgd", "rate": 0.1, "schedule": "plateau"},
        {"lazy": True, "l1": 1e-4, "l2": 1e-4},
        {"optimiser": "adagrad", "warm_up": 10, "clip": 1.0},
    ],
    ids=["averaged adam", "sgd", "lazy", "adagrad"],
)
@pytest.mark.parametrize("after", [1, 4])
def test_what_is_resumed_learns_the_same(
    tiny: World, tmp_path: Path, options: dict[str, Any], after: int
) -> None:
    ranker = FM.model_validate({**RANKER.model_dump(), **options})
    kept = FileCheckpoints(tmp_path / "checkpoint")
    with pytest.raises(Killed):
        learn(tiny, ranker, Dying(kept, after))
    content = kept.load()
    assert content is not None
    assert unpack(content)[1]["place"] > 0  # within an epoch
    assert_the_same(learn(tiny, ranker, kept), learn(tiny, ranker))


def test_a_process_killed_in_the_middle_of_training_is_resumed_from_the_database(
    tiny: World, engine: Engine, database_url: str
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ranking.training.killed", database_url],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    for _ in range(3):
        assert process.stdout.readline() == b"kept\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    kept = DatabaseCheckpoints(engine, ARTIFACT)
    content = kept.load()
    assert content is not None
    assert unpack(content)[1]["epoch"] < RANKER.epochs
    assert_the_same(learn(tiny, RANKER, kept), learn(tiny, RANKER))


def test_a_training_that_had_ended_is_not_run_again(tiny: World, tmp_path: Path) -> None:
    kept = FileCheckpoints(tmp_path / "checkpoint")
    first = learn(tiny, RANKER, kept)
    assert_the_same(learn(tiny, RANKER, Dying(kept, 1)), first)


def test_a_checkpoint_of_another_ranker_is_passed_over(tiny: World, tmp_path: Path) -> None:
    kept = FileCheckpoints(tmp_path / "checkpoint")
    other = FM.model_validate({**RANKER.model_dump(), "dim": 3, "epochs": 1})
    learn(tiny, other, kept)
    assert_the_same(learn(tiny, RANKER, kept), learn(tiny, RANKER))
