"""Every filter that the catalogue declares holds in every query that gives items."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from api.building import apply_spec
from api.spec import open_spec
from graph.columns import sync_columns
from tests.api.boutique import TEXT
from tests.api.shop import NOON, Face, open_face
from tests.patience import patient
from weft.running import Quiet

EDGES = "edges { node { item { key } } }"
QUERIES = {
    "recommend": f'recommend(scene: "home", person: "ann", first: 30, where: $where) {{ {EDGES} }}',
    "similarItems": f'similarItems(item: "b2", first: 30, where: $where) {{ {EDGES} }}',
    "searchItems": f'searchItems(keyword: "acme bigco dress shoe", first: 30, where: $where) '
    f"{{ {EDGES} }}",
    "recommendTags": 'recommendTags(scene: "brands", person: "ann", where: $where) '
    "{ edges { node { items { key } } } }",
}
LIST = "query ($where: ItemFilter) { items(filter: $where, first: 100) { edges { node { key } } } }"
DAY = (NOON - timedelta(days=1, hours=5)).isoformat()
FILTERS = {
    "tag eq": {"brand": {"eq": "bigco"}},
    "tag in": {"brand": {"in": ["acme", "bigco"]}},
    "tag under": {"category": {"under": "wear"}},
    "tag exists": {"brand": {"exists": True}},
    "keyword eq": {"city": {"eq": "Paris"}},
    "keyword in": {"city": {"in": ["Rome", "Nowhere"]}},
    "number": {"price": {"gte": 20, "lt": 90}},
    "number in": {"price": {"in": [10, 30]}},
    "time": {"publishedAt": {"lt": DAY}},
    "missing": {"expiresAt": {"exists": False}},
    "or": {"or": [{"price": {"eq": 10}}, {"city": {"eq": "Rome"}}]},
    "not": {"not": {"city": {"eq": "Rome"}}, "brand": {"exists": True}},
    "and": {"and": [{"price": {"gt": 10}}, {"price": {"lt": 50}}]},
}


def asked(face: Face, name: str, where: Any) -> set[str]:
    query = f"query ($where: ItemFilter) {{ {QUERIES[name]} }}"
    nodes = [edge["node"] for edge in face.ask(query, where=where)[name]["edges"]]
    return {item["key"] for node in nodes for item in node.get("items") or [node["item"]]}


@pytest.mark.parametrize("filter", FILTERS)
def test_a_filter_holds_everywhere(boutique: Face, filter: str) -> None:
    where = FILTERS[filter]
    edges = boutique.ask(LIST, where=where)["items"]["edges"]
    allowed = {edge["node"]["key"] for edge in edges}
    for name in QUERIES:
        got = asked(boutique, name, where)
        assert got, name
        assert got <= allowed, name


@pytest.mark.parametrize("name", QUERIES)
def test_a_filter_that_nothing_passes_gives_an_empty_page(boutique: Face, name: str) -> None:
    for nothing in ({"price": {"gt": 1_000_000}}, {"price": {"in": []}}, {"city": {"in": []}}):
        assert asked(boutique, name, nothing) == set()


@pytest.mark.parametrize("name", QUERIES)
def test_a_filter_that_is_wrong_is_refused(boutique: Face, name: str) -> None:
    query = f"query ($where: ItemFilter) {{ {QUERIES[name]} }}"
    for where in ({"price": {"eq": None}}, {"colour": {"eq": "red"}}, {"price": {"eq": "much"}}):
        assert boutique.code(query, where=where) == "BAD_REQUEST"


def test_an_empty_shop_answers_with_empty_pages(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(TEXT)
    spec = patient(open_spec(path))
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
    apply_spec(engine, spec, Quiet())
    session = '{key: "s", events: [{item: "ghost"}]}'
    with open_face(engine, spec) as face:
        found = face.ask(
            f"""{{
                recommend(scene: "home", session: {session}) {{ {EDGES} unknownItems }}
                recommendTags(scene: "brands") {{ edges {{ cursor }} }}
                places: recommendTags(scene: "places", person: "ann") {{ edges {{ cursor }} }}
                searchItems(keyword: "cheapest dress") {{ {EDGES} }}
                browse: searchItems(keyword: "under 100") {{ {EDGES} }}
                personState(person: "ann") {{ arms {{ arm }} }}
                traceOf(traceId: "x") {{ id }} }}"""
        )
        assert found["recommend"] == {"edges": [], "unknownItems": ["ghost"]}
        for name in ("recommendTags", "places", "searchItems", "browse"):
            assert found[name] == {"edges": []}, name
        assert (found["personState"], found["traceOf"]) == (None, None)
        assert face.code('{ similarItems(item: "a1") { release } }') == "NOT_FOUND"
        assert face.code('{ relatedTags(tag: "acme") { score } }') == "NOT_FOUND"
        assert face.code('{ relatedKeywords(keyword: "dress") { score } }') == "NOT_FOUND"
