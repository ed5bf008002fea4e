"""Listings: every item once, in order, whatever is added meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from api.spec import Spec
from tests.api.shop import NOON, Face, add_items, fill, open_face, tiny
from weft.settings import USUAL

LIST = """query ($order: ItemOrder, $first: Int = 3, $after: String) {
    items(orderBy: $order, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { key price publishedAt } } } }"""


COMMON = {"title": "x", "category": "shoes"}


def rows() -> list[dict[str, Any]]:
    """Give items with equal, missing and distinct values."""
    prices = [5.0, None, 1.0, 5.0, 0.1, None, 7.25, 5.0, 3.0, 1.0]
    made = [{**COMMON, "key": f"k{n}", "price": price} for n, price in enumerate(prices)]
    for n in (0, 3, 4):
        made[n]["published_at"] = (NOON + timedelta(microseconds=n)).isoformat()
    return [{k: v for k, v in row.items() if v is not None} for row in made]


def walk(
    face: Face, order: Any, between: Callable[[int], None] = lambda _: None
) -> list[dict[str, Any]]:
    """Walk through all pages and give the nodes."""
    nodes: list[dict[str, Any]] = []
    after, number = None, 0
    while True:
        page = face.ask(LIST, order=order, after=after)["items"]
        nodes += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        number += 1
        between(number)


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ["KEY", "ADDED", "PRICE", "PUBLISHED_AT"])
def test_pages_hold_every_item_once_and_in_order(
    engine: Engine, bazaar: Spec, field: str, direction: str
) -> None:
    fill(engine, bazaar, rows())
    name = {"PRICE": "price", "PUBLISHED_AT": "publishedAt"}.get(field, "key")
    with open_face(engine, bazaar) as face:
        nodes = walk(face, {"field": field, "direction": direction})
    assert sorted(node["key"] for node in nodes) == [f"k{n}" for n in range(10)]
    values = [node[name] for node in nodes]
    present = [value for value in values if value is not None]
    assert values[len(present) :] == [None] * (10 - len(present)), "what has no value comes last"
    assert present == sorted(present, reverse=direction == "DESC")


@pytest.mark.parametrize("field", ["KEY", "ADDED", "PRICE"])
def test_inserts_between_pages_shift_nothing(engine: Engine, bazaar: Spec, field: str) -> None:
    fill(engine, bazaar, rows())

    def insert(number: int) -> None:
        if number > 3:
            return
        with engine.begin() as connection:
            prices = enumerate((0.01, 5.0, 100.0))
            new = [{**COMMON, "key": f"a{number}{n}", "price": price} for n, price in prices]
            add_items(connection, bazaar, new)

    with open_face(engine, bazaar) as face:
        keys = [node["key"] for node in walk(face, {"field": field}, insert)]
    assert len(keys) == len(set(keys))
    assert {f"k{n}" for n in range(10)} <= set(keys)


def test_removed_items_are_not_listed_but_found_by_key(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar) as face:
        assert "gone" not in [node["key"] for node in walk(face, None)]
        assert face.ask('{ item(key: "gone") { removed } }')["item"] == {"removed": True}
        assert face.ask('{ item(key: "no such") { removed } }')["item"] is None


def test_an_empty_page_has_no_cursors(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, [])
    with open_face(engine, bazaar) as face:
        page = face.ask(LIST)["items"]
    assert page["totalCount"] == 0
    none = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    assert page["pageInfo"] == none


def test_a_cursor_fits_only_its_order(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar) as face:
        cursor = face.ask(LIST)["items"]["pageInfo"]["endCursor"]
        assert face.code(LIST, after=cursor, order={"field": "PRICE"}) == "BAD_REQUEST"
        for wrong in ("", "x", "????", "W10", "bnVsbA", cursor + "x"):
            assert face.code(LIST, after=wrong) == "BAD_REQUEST", wrong


def test_counting_happens_only_when_asked_for(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    with open_face(engine, bazaar) as face, counted(face) as statements:
        face.ask("{ items { edges { node { key } } } }")
        assert not [s for s in statements if "count(" in s]
        face.ask("{ items { totalCount } }")
        assert [s for s in statements if "count(" in s]


def test_a_page_of_100_needs_few_statements(engine: Engine, bazaar: Spec) -> None:
    items = [
        {"key": f"i{n}", "title": "x", "category": "jeans", "brand": "acme", "price": n * 1.0}
        for n in range(120)
    ]
    fill(engine, bazaar, items)
    query = """{ items(first: 100) { edges { node { key title price
        category { key label broader { key label labels { text } narrower { key } } }
        brand { key label } tags { key label } } } } }"""
    dear = replace(USUAL, cost=200_000)  # statements are counted here, whatever they cost
    with open_face(engine, bazaar, settings=dear) as face:
        face.ask("{ me { name } }")
        with counted(face) as statements:
            assert len(face.ask(query)["items"]["edges"]) == 100
    assert len(statements) <= 12, statements


def test_tags_are_listed_searched_and_related(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, tiny())
    query = """query ($facet: String, $search: String, $after: String) {
        tags(facet: $facet, search: $search, first: 2, after: $after) {
            totalCount pageInfo { hasNextPage endCursor } edges { node { key } } } }"""

    with open_face(engine, bazaar) as face:
        first = face.ask(query, facet="category")["tags"]
        assert keys(first) == ["clothes", "jeans"]
        assert first["totalCount"] == 4
        after = first["pageInfo"]["endCursor"]
        assert keys(face.ask(query, facet="category", after=after)["tags"]) == ["shoes", "trousers"]
        assert keys(face.ask(query, search="牛仔")["tags"]) == ["jeans"]
        assert keys(face.ask(query, search="JEAN")["tags"]) == ["jeans"]
        assert keys(face.ask(query, search="%")["tags"]) == []
        tag = face.ask(
            """{ tag(key: "trousers") { facet label labels(language: "en") { text kind }
                 narrower { key label(language: "zh") } broader { key } } }"""
        )["tag"]
    assert tag["labels"] == [{"text": "Trousers", "kind": "preferred"}]
    assert tag["narrower"] == [{"key": "jeans", "label": "牛仔裤"}]
    assert tag["broader"] == [{"key": "clothes"}]


def test_persons_and_versions(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, [])
    with open_face(engine, bazaar) as face:
        ann = face.ask('{ person(key: "ann") { key city device joinedAt } }')["person"]
        assert ann == {"key": "ann", "city": "上海", "device": None, "joinedAt": None}
        assert face.ask('{ person(key: "bob") { key } }')["person"] is None
        assert face.ask("{ me { name roles } }")["me"] == {"name": "test", "roles": ["reader"]}
        version = face.ask("{ version { weft release spec postgres pgvector } }")["version"]
    assert version["release"] is None
    assert version["spec"] == "bazaar"
    assert version["pgvector"].startswith("0.8")


def keys(page: Any) -> list[str]:
    return [edge["node"]["key"] for edge in page["edges"]]


class counted:  # noqa: N801
    """Collects the statements that a service sends."""

    def __init__(self, face: Face) -> None:
        self.engine = face.service.databases.reading.sync_engine
        self.statements: list[str] = []

    def __enter__(self) -> list[str]:
        event.listen(self.engine, "before_cursor_execute", self._keep)
        return self.statements

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._keep)

    def _keep(self, _1: Any, _2: Any, statement: str, *_: Any) -> None:
        self.statements.append(statement)
