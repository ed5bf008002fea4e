"""The commands `weft keys` and `weft schema`, as they are typed."""

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from api.commands.keys import app
from api.keys import SHAPE


@pytest.fixture
def runner(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("WEFT_DATABASE_URL", url)
    return CliRunner()


def test_a_key_is_made_listed_and_revoked(runner: CliRunner) -> None:
    roles = ["--role", "reader", "--role", "analyst"]
    made = runner.invoke(app, ["create", "--name", "console", *roles]).output.strip()
    assert SHAPE.fullmatch(made)
    listed = runner.invoke(app, ["list"]).output
    assert "reader, analyst" in listed
    assert made not in listed
    identity = made.split("_")[1]
    assert "is revoked" in runner.invoke(app, ["revoke", identity]).output
    assert listed != runner.invoke(app, ["list"]).output
