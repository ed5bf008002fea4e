from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.routing import Route

from api import graphiql
from api.app import make_app
from api.service import Service
from api.spec import Spec


def paths(app: Starlette) -> set[str]:
    return {route.path for route in app.routes if isinstance(route, Route)}


def test_the_page_is_there_in_demo_mode_only(engine: Engine, bazaar: Spec) -> None:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    service = Service(url, bazaar)
    usual = {"/graphql", "/health", "/ready", "/metrics"}
    assert paths(make_app(service)) == usual
    assert paths(make_app(service, demo=True)) > usual


def test_the_page_wants_nothing_from_elsewhere() -> None:
    for name in ("page.html", "page.js", "missing.html"):
        text = (graphiql.FOLDER / name).read_text()
        assert "//" not in text.replace("// The key", "")


def test_without_its_parts_the_page_says_how_to_install_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import anyio
    from starlette.requests import Request

    for name in ("page.html", "missing.html"):
        (tmp_path / name).write_text((graphiql.FOLDER / name).read_text())
    monkeypatch.setattr(graphiql, "FOLDER", tmp_path)
    response = anyio.run(graphiql.page, Request({"type": "http"}))
    assert b"npm ci --prefix graphiql" in response.body


def test_the_lock_names_no_registry() -> None:
    lock = (graphiql.FOLDER / "package-lock.json").read_text()
    assert '"resolved"' not in lock
