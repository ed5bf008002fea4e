import json
import subprocess
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.routing import Route

from api import graphiql
from api.app import make_app
from api.service import Service
from api.spec import Spec
from tests.api.test_typescript import node

CHECKOUT = Path(__file__).parents[2]


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


def test_the_first_query_of_the_page_is_right_for_every_demo() -> None:
    script = (graphiql.FOLDER / "page.js").read_text()
    first = script[script.index("const page") : script.index("ReactDOM")]
    shown = "console.log(JSON.stringify([null, 'u\"1'].map(person => { %s return firstQuery; })))"
    found = subprocess.run(
        [node(), "-e", shown % first], capture_output=True, text=True, check=True
    )
    schema = build_schema((CHECKOUT / "schema.graphql").read_text())
    for query in json.loads(found.stdout):
        assert validate(schema, parse(query)) == []
