from typing import Any

import numpy as np
import pytest
from optuna.storages import InMemoryStorage
from sqlalchemy import Engine, text

from ranking.rankers.fm import FM
from ranking.rankers.lesson import Lesson, Progress
from ranking.tuning.report import Tuning, rows_of
from ranking.tuning.stages import options_of, stages_of
from ranking.tuning.storage import only_one, storage_in
from ranking.tuning.tune import tune
from tests.ranking.rankers.worlds import World, world
from weft.errors import BadRequest, Conflict

SECTION = {"type": "fm", "dim": 4, "rate": 0.02, "batch": 256, "epochs": 2}


@pytest.fixture(scope="module")
def tiny() -> World:
    return world(200)


def lesson(tiny: World) -> Lesson:
    return Lesson(tiny.layout, tiny.learn, tiny.check)


def tuned(tiny: World, storage: Any, trials: int = 4, **more: Any) -> Tuning:
    return tune("fine", SECTION, lesson(tiny), ["hidden", "lr"], trials, storage, **more)


def told(tuning: Tuning) -> list[tuple[Any, ...]]:
    """Everything but how long it took."""
    return [
        (stage.name, [(t.options, t.reached, t.ended) for t in stage.tried], stage.best)
        for stage in tuning.stages
    ]


def test_each_stage_begins_at_the_best_of_the_one_before(tiny: World) -> None:
    found = tuned(tiny, InMemoryStorage())
    first, second = found.stages
    assert (first.name, second.name) == ("hidden", "rate")
    assert first.tried[0].options == {"dim": 4}
    assert first.before == found.baseline == first.tried[0].reached
    assert second.before == first.reached == max(t.reached for t in first.tried if t.reached)
    assert found.gain >= 0
    assert found.section == {**SECTION, **first.best, **second.best}
    assert FM.model_validate(found.section)


def test_what_the_report_says_is_reached_again(tiny: World) -> None:
    found = tuned(tiny, InMemoryStorage())
    curve: list[Progress] = []
    again = Lesson(tiny.layout, tiny.learn, tiny.check, tell=curve.append)
    FM.model_validate(found.section).fit(again)
    assert max(p.reached for p in curve if p.reached) == found.reached
    assert [row[0] for row in rows_of(found)] == ["as declared", "hidden", "rate"]


def test_the_same_seed_proposes_the_same_and_another_seed_does_not(tiny: World) -> None:
    one, other = (told(tuned(tiny, InMemoryStorage())) for _ in range(2))
    assert one == other
    assert told(tuned(tiny, InMemoryStorage(), seed=1)) != one


def test_a_killed_run_goes_on_as_if_it_had_not_been(tiny: World, engine: Engine) -> None:
    calm = tuned(tiny, InMemoryStorage())
    lines: list[str] = []

    def die(line: str) -> None:
        lines.append(line)
        if len(lines) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), storage_in(engine) as storage:
        tuned(tiny, storage, tell=die)
    leave_one_dead(engine)
    later: list[str] = []
    with storage_in(engine) as storage:
        assert told(tuned(tiny, storage, tell=later.append)) == told(calm)
    assert len(later) == 4 + 4 - 1 - 2 + 1  # the last of two is dead, and the second baseline known


def leave_one_dead(engine: Engine) -> None:
    """Make the last trial look as a kill leaves it."""
    with engine.begin() as connection:
        connection.execute(
            text("""
            UPDATE tuning.trials SET state = 'RUNNING', datetime_complete = NULL
            WHERE trial_id = (SELECT max(trial_id) FROM tuning.trials)
        """)
        )
        connection.execute(
            text("""
            DELETE FROM tuning.trial_values
            WHERE trial_id = (SELECT max(trial_id) FROM tuning.trials)
        """)
        )


def test_a_run_that_has_ended_is_read_and_not_run_again(tiny: World, engine: Engine) -> None:
    lines: list[str] = []
    with storage_in(engine) as storage:
        first = tuned(tiny, storage, trials=2)
        assert told(tuned(tiny, storage, trials=2, tell=lines.append)) == told(first)
    assert lines == []
    with engine.connect() as connection:
        own = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename = :t")
        assert connection.execute(own, {"t": "trials"}).scalar() == 0


def test_a_trial_that_fails_is_told_and_the_rest_goes_on(tiny: World) -> None:
    wild = {**SECTION, "optimiser": "sgd", "rate": 0.01}
    learn = tiny.learn
    broken = type(learn)(**{**vars(learn), "weights": np.full(len(learn), np.nan, np.float32)})
    with pytest.raises(BadRequest, match="fails"):
        tune("fine", wild, Lesson(tiny.layout, broken, tiny.check), ["lr"], 1, InMemoryStorage())


def test_stages_are_those_that_the_kind_has_options_for() -> None:
    assert list(options_of(FM, "hidden")) == ["dim"]
    assert stages_of(FM, ["lr", "regularization"]) == ["rate", "regularisation"]
    with pytest.raises(BadRequest, match="no stage called 'depth'; there are"):
        stages_of(FM, ["depth"])


def test_two_do_not_tune_one_model_at_a_time(engine: Engine) -> None:
    with only_one(engine, "fine"):
        with pytest.raises(Conflict, match="tuning fine"), only_one(engine, "fine"):
            pass
        with only_one(engine, "coarse"):
            pass
