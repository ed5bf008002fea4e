"""`weft samples`, as it is typed."""

from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import Engine
from typer.testing import CliRunner

from api.commands.main import app
from api.commands.samples import told
from recall.samples.spec import Balance, Mixture
from recall.samples.survey import survey
from tests.recall.samples.worlds import small
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


def test_what_is_drawn_is_laid_out() -> None:
    console = Console(width=200)
    mixture = Mixture(count=100, exposed=0.5, batch=False)
    with console.capture() as heard:
        for part in told(survey(small(), mixture, Balance(scenes=0), 1)):
            console.print(part)
    rows = [line.split() for line in heard.get().splitlines()]
    assert ["home", "50.0%", "33.3%"] in rows
    assert next(row for row in rows if row[0] == "exposed")[2:] == ["0.00%", "2"]
    tenth = next(row for row in rows if row[0] == "0–10%")
    assert tenth[1] == "0.0%"  # the most shown item is nobody's positive
    assert "are liked by their person, and left out" in heard.get()
