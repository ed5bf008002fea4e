"""A tiny shop with a web face: its rows are made by hand, its answers are obvious."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy import Engine, insert, text

from api.app import make_app
from api.building import apply_spec
from api.keys import create_key
from api.service import Service
from api.spec import Spec
from graph.columns import sync_columns
from graph.tables import item, item_tag, person, tag, tag_label, tag_relation
from weft.running import Quiet

NOON = datetime.now(UTC).replace(microsecond=0)
TAGS = {  # key: facet, broader
    "clothes": ("category", None),
    "trousers": ("category", "clothes"),
    "jeans": ("category", "trousers"),
    "shoes": ("category", None),
    "acme": ("brand", None),
    "zenith": ("brand", None),
}
NUMBERS = {key: n for n, key in enumerate(TAGS, 1)}


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
def open_face(engine: Engine, spec: Spec, role: str = "reader") -> Iterator[Face]:
    """Serve the shop for the length of the block."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with start_blocking_portal() as portal:
        service = portal.call(_serve, url, spec)
        transport = httpx.ASGITransport(make_app(service), raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://shop")
        with portal.wrap_async_context_manager(service.running()):
            yield Face(client, portal, service, new_key(engine, role))


async def _serve(url: str, spec: Spec) -> Service:
    return Service(url, spec)


def new_key(engine: Engine, *roles: str) -> str:
    """Make a key."""
    with engine.begin() as connection:
        return create_key(connection, "test", roles)


def fill(engine: Engine, spec: Spec, items: Iterable[Mapping[str, Any]]) -> None:
    """Fill the graph with the tags above and these items."""
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
        _fill_tags(connection)
        for number, row in enumerate(items, 1):
            add_item(connection, number, row)
        people = [{"id": 1, "key": "ann", "attributes": {"city": "上海"}}]
        connection.execute(insert(person), people)


def add_item(connection: Any, number: int, row: Mapping[str, Any]) -> None:
    """Add one item; `category` and `brand` become tags."""
    declared = {k: v for k, v in row.items() if k not in ("key", "title", "removed")}
    tags = [NUMBERS[declared[facet]] for facet in ("category", "brand") if declared.get(facet)]
    values = {
        "id": number,
        "key": row.get("key", f"i{number}"),
        "title": row.get("title", f"item {number}"),
        "attributes": declared,
        "tag_ids": sorted({above for n in tags for above in _above(n)}),
        "removed_at": NOON if row.get("removed") else None,
    }
    connection.execute(insert(item), [values])
    for n in tags:
        connection.execute(insert(item_tag), [{"item": number, "tag": n, "source": "catalog"}])


def tiny() -> list[dict[str, Any]]:
    """Six items: jeans, trousers and shoes, one without anything, one removed."""
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
        {"key": "bare", "title": "nothing known"},
        {"key": "gone", "title": "removed", "category": "shoes", "removed": True},
    ]  # fmt: skip


def release(engine: Engine, spec: Spec) -> int | None:
    """Build and release the shop."""
    return apply_spec(engine, spec, Quiet()).release


def _fill_tags(connection: Any) -> None:
    rows = [{"id": NUMBERS[k], "key": k, "facet": facet} for k, (facet, _) in TAGS.items()]
    connection.execute(insert(tag), rows)
    labels = [
        {"tag": NUMBERS[k], "language": "en", "kind": "preferred", "text": k.title(), "normal": k}
        for k in TAGS
    ]
    chinese = {"language": "zh", "kind": "preferred", "text": "牛仔裤", "normal": "牛仔裤"}
    connection.execute(insert(tag_label), [*labels, {"tag": NUMBERS["jeans"], **chinese}])
    above = [
        {"tag": NUMBERS[k], "kind": "broader", "other": NUMBERS[up]}
        for k, (_, up) in TAGS.items()
        if up
    ]
    connection.execute(insert(tag_relation), above)


def _above(number: int) -> list[int]:
    key = next(k for k, n in NUMBERS.items() if n == number)
    up = TAGS[key][1]
    return [number] + (_above(NUMBERS[up]) if up else [])


def dumps(value: Any) -> str:
    """Write a value for a message."""
    return json.dumps(value, ensure_ascii=False, default=str)


__all__ = ["NOON", "Face", "add_item", "fill", "new_key", "open_face", "release", "text", "tiny"]
