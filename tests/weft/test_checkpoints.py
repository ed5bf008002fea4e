import pytest
from sqlalchemy import Engine, text

from tests.weft.toy import Seen, toy_shop, toy_step
from weft import checkpoints
from weft.building import apply
from weft.checkpoints import load_checkpoint, save_checkpoint
from weft.errors import StepFailed
from weft.steps import Work

COUNT = text("SELECT count(*) FROM weft.checkpoint")


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(COUNT).scalar_one())


def keep(work: Work) -> None:
    save_checkpoint(work.connection.engine, work.artifact, b"half")


def fail(work: Work) -> None:
    keep(work)
    raise ValueError("no more")


def test_large_ones_are_kept_in_parts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "PART", 3)
    for content in (b"0123456789", b"abcd"):
        save_checkpoint(engine, 5, content)
        assert load_checkpoint(engine, 5) == content
    assert load_checkpoint(engine, 6) is None
    assert count(engine) == 2


def test_one_is_there_while_its_step_runs_and_goes_when_it_ends(engine: Engine) -> None:
    seen: list[bytes | None] = []

    def hook(work: Work) -> None:
        keep(work)
        seen.append(load_checkpoint(work.connection.engine, work.artifact))

    apply(engine, toy_shop(toy_step("a", hook=hook)), Seen())
    assert seen == [b"half"]
    assert count(engine) == 0


def test_one_goes_with_a_build_that_nobody_resumes(engine: Engine) -> None:
    with pytest.raises(StepFailed):
        apply(engine, toy_shop(toy_step("a", hook=fail)), Seen())
    assert count(engine) == 0


def test_one_is_found_by_a_build_that_is_resumed(engine: Engine) -> None:
    with pytest.raises(StepFailed):
        apply(engine, toy_shop(toy_step("a", hook=fail)), Seen())
    with engine.begin() as connection:
        connection.execute(text("UPDATE weft.build SET state = 'running', finished_at = NULL"))
        number = connection.execute(text("SELECT artifacts->>'a' FROM weft.build")).scalar_one()
    save_checkpoint(engine, int(number), b"as a kill leaves it")
    found: list[bytes | None] = []

    def hook(work: Work) -> None:
        found.append(load_checkpoint(work.connection.engine, work.artifact))

    apply(engine, toy_shop(toy_step("a", hook=hook)), Seen())
    assert found == [b"as a kill leaves it"]
    assert count(engine) == 0
