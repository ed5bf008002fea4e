"""A tiny shop with a web face: its rows are made by hand, its answers are obvious."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import structlog
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy import Connection, Engine, text

from api.app import make_app
from api.building import apply_spec
from api.keys import create_key
from api.service import Service
from api.spec import Spec
from graph.columns import sync_columns
from graph.importing.declared import Declared
from graph.importing.rows import load_rows
from weft.running import Quiet
from weft.settings import USUAL, Settings

NOON = datetime.now(UTC).replace(microsecond=0)
TAGS = {  # key: facet, broader
    "clothes": ("category", None),
    "trousers": ("category", "clothes"),
    "jeans": ("category", "trousers"),
    "shoes": ("category", None),
    "acme": ("brand", None),
    "zenith": ("brand", None),
}


structlog.configure(  # the usual one draws tracebacks, which takes seconds
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
)


@dataclass(frozen=True)
class Face:
    """A way to ask the shop with one key."""

    client: httpx.AsyncClient
    portal: BlockingPortal
    service: Service
    key: str | None

    def post(self, query: str, **variables: Any) -> Any:
        """Send a query and give the whole response."""
        body = {"query": query, "variables": variables}
        return self.send("POST", "/graphql", json=body, headers=self.headers())

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send any request."""
        return self.portal.call(lambda: self.client.request(method, path, **more))

    def holding(self, key: str | None) -> "Face":
        """Give a face with another key."""
        return replace(self, key=key)

    def ask(self, query: str, **variables: Any) -> Any:
        """Send a query that must succeed and give its data."""
        answer = self.post(query, **variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def code(self, query: str, **variables: Any) -> str:
        """Send a query that must fail and give the code of its first error."""
        return str(self.error(query, **variables)["extensions"]["code"])

    def error(self, query: str, **variables: Any) -> Any:
        """Send a query that must fail and give its first error."""
        return self.post(query, **variables).json()["errors"][0]

    def headers(self) -> dict[str, str]:
        """Give the headers that carry the key."""
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


@contextmanager
def open_face(
    engine: Engine, spec: Spec, role: str = "reader", settings: Settings = USUAL
) -> Iterator[Face]:
    """Serve the shop for the length of the block."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with start_blocking_portal() as portal:
        service = portal.call(_serve, url, spec, settings)
        transport = httpx.ASGITransport(make_app(service), raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://shop")
        with portal.wrap_async_context_manager(service.running()):
            portal.call(service.open_texts)
            yield Face(client, portal, service, new_key(engine, role))


async def _serve(url: str, spec: Spec, settings: Settings) -> Service:
    return Service(url, spec, settings)


def new_key(engine: Engine, *roles: str) -> str:
    """Make a key."""
    with engine.begin() as connection:
        return create_key(connection, "test", roles)


def fill(engine: Engine, spec: Spec, items: Iterable[Mapping[str, Any]]) -> None:
    """Fill the graph with the tags above, one person, and these items."""
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
        load(connection, spec, "tag", [_tag(key) for key in TAGS])
        load(connection, spec, "person", [{"key": "ann", "city": "上海"}])
        add_items(connection, spec, items)


def add_items(connection: Connection, spec: Spec, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add items; the one that is called `gone` is removed again."""
    load(connection, spec, "item", list(rows))
    connection.execute(text("UPDATE item SET removed_at = now() WHERE key = 'gone'"))


def load(connection: Connection, spec: Spec, subject: str, rows: list[Any]) -> None:
    """Load rows that are all good."""
    outcome = load_rows(connection, subject, rows, Declared(spec.catalog, spec.events, spec.zone()))
    assert outcome.added == len(rows), outcome


def tiny() -> list[dict[str, Any]]:
    """Six items: jeans, trousers and shoes, one with little known, one removed."""
    day = timedelta(days=1)
    return [
        {"key": "j1", "title": "蓝色牛仔裤", "category": "jeans", "brand": "acme", "city": "上海",
         "business": "shop", "price": 100.0, "published_at": (NOON - 3 * day).isoformat()},
        {"key": "j2", "title": "black jeans", "category": "jeans", "brand": "zenith",
         "city": "北京", "business": "shop", "price": 250.0,
         "published_at": (NOON - 2 * day).isoformat()},
        {"key": "t1", "title": "trousers", "category": "trousers", "city": "上海",
         "business": "auction", "price": 2500.0, "published_at": (NOON - day).isoformat()},
        {"key": "s1", "title": "shoes", "category": "shoes", "brand": "acme", "price": 80.5,
         "published_at": (NOON - 4 * day).isoformat()},
        {"key": "bare", "title": "nothing known", "category": "shoes"},
        {"key": "gone", "title": "removed", "category": "shoes"},
    ]  # fmt: skip


def release(engine: Engine, spec: Spec) -> int | None:
    """Build and release the shop."""
    return apply_spec(engine, spec, Quiet()).release


def _tag(key: str) -> dict[str, Any]:
    facet, above = TAGS[key]
    row = {"key": key, "facet": facet, "en": key.title()}
    chinese = {"zh": "牛仔裤"} if key == "jeans" else {}
    return row | chinese | ({"parents": [above]} if above else {})
