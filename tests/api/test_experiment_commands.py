"""The commands `weft experiment …`, as they are typed."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from api.commands.experiment import app
from tests.api.shop import release
from tests.api.test_experiments import half, serve, trying
from tests.tiny import open_tiny
from weft.errors import BadRequest, NotFound


@pytest.fixture
def runner(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    spec = trying(open_tiny(engine, tmp_path), pinned=half())
    release(engine, spec)
    serve(engine, spec)
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("WEFT_DATABASE_URL", url)
    return CliRunner()


def told(runner: CliRunner, *words: str) -> str:
    done = runner.invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_experiments_are_listed_told_of_and_reported(runner: CliRunner) -> None:
    listed = told(runner, "list")
    assert "pinned  layer main, scenes home" in listed
    assert "changed  50%  changes rerank" in listed
    arms = {told(runner, "arm", str(person)).split()[1] for person in range(12)}
    assert arms == {"changed", "control"}
    assert told(runner, "arm", "1", "--session").startswith("pinned  ")
    printed = told(runner, "report", "pinned")
    assert "control" in printed
    assert "25.00% ±0.00" in printed
    assert "chi-squared" in printed
    assert "WARNING" not in printed
    figures = json.loads(told(runner, "report", "pinned", "--since", "1d", "--json"))
    assert [arm["arm"] for arm in figures["arms"]] == ["control", "changed"]
    assert sum(arm["persons"] for arm in figures["arms"]) == 24
    assert figures["arms"][1]["ctr_difference"]["p"] == 1.0
    with pytest.raises(NotFound, match="no page was made in an experiment called 'nothing'"):
        told(runner, "report", "nothing")
    with pytest.raises(BadRequest, match="--since soon: a duration"):
        told(runner, "report", "pinned", "--since", "soon")
