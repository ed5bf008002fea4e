"""`weft samples`, as it is typed."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from api.commands.main import app
from tests.tiny import open_tiny
from weft.errors import NotFound


@pytest.fixture
def runner(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    open_tiny(engine, tmp_path)
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("WEFT_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    return CliRunner()


def test_positives_and_exposures_are_counted(runner: CliRunner) -> None:
    done = runner.invoke(app, ["samples"], catch_exceptions=False)
    rows = [line.split() for line in done.output.splitlines()]
    assert ["click", "home", "4", "4", "2", "3"] in rows
    assert ["purchase", "cheap", "1", "5", "1", "1"] in rows
    assert ["all", "5", "9", "2", "4"] in rows
    assert "1 exposure: 0 taken, 1 passed by, 0 still open" in done.output


def test_a_space_that_learns_from_no_samples_is_named(runner: CliRunner) -> None:
    with pytest.raises(NotFound, match="no sampled spaces are declared"):
        runner.invoke(app, ["samples", "likes"], catch_exceptions=False)
