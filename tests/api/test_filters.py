"""Filters over HTTP give what the same filter in Python gives."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from api.spec import Spec
from tests.api.shop import NOON, TAGS, Face, fill, open_face

LIST = """query ($filter: ItemFilter) {
    items(filter: $filter, first: 100) { totalCount edges { node { key } } } }"""
CITIES = ["上海", "北京", "O'Hara", 'a"b\\c', "%_"]


def world(chance: random.Random) -> list[dict[str, Any]]:
    rows = []
    for number in range(90):
        row = {
            "key": f"k{number:03}",
            "title": "x",
            "category": chance.choice(["clothes", "trousers", "jeans", "shoes"]),
            "brand": chance.choice(["acme", "zenith", None]),
            "city": chance.choice([*CITIES, None]),
            "price": chance.choice([0.0, 0.1, 9.99, 100.0, 1e6, None]),
            "published_at": chance.choice([_hour(chance.randint(0, 5)), None]),
        }
        rows.append({k: v for k, v in row.items() if v is not None})
    return rows


def test_filters_equal_a_filter_in_python(engine: Engine, bazaar: Spec) -> None:
    chance = random.Random(5)
    rows = world(chance)
    fill(engine, bazaar, rows)
    with open_face(engine, bazaar) as face:
        for _ in range(120):
            asked = question(chance, 3)
            expected = [row["key"] for row in rows if holds(asked, row)]
            assert found(face, asked) == expected, asked


def test_a_null_test_is_refused_and_does_not_widen_the_filter(engine: Engine, bazaar: Spec) -> None:
    fill(engine, bazaar, [])
    with open_face(engine, bazaar) as face:
        for asked in ({"price": {"lt": None}}, {"price": None}, {"not": None}):
            error = face.error(LIST, filter=asked)
            assert error["extensions"]["code"] == "BAD_REQUEST"
            assert "null" in error["message"]
        assert face.code(LIST, filter={"city": {"eq": "a\0b"}}) == "BAD_REQUEST"
        assert face.code(LIST, filter={"publishedAt": {"lt": "2026-05-01T12:00"}}) == "BAD_REQUEST"
        assert face.code(LIST, filter={"price": {"in": [1.0] * 201}}) == "BAD_REQUEST"


def found(face: Face, asked: dict[str, Any]) -> list[str]:
    items = face.ask(LIST, filter=asked)["items"]
    keys = [edge["node"]["key"] for edge in items["edges"]]
    assert items["totalCount"] == len(keys)
    return keys


def question(chance: random.Random, depth: int) -> dict[str, Any]:
    """Make up a filter."""
    kinds = ["category", "brand", "city", "price", "publishedAt"]
    if depth and chance.random() < 0.5:
        word = chance.choice(["and", "or", "not"])
        parts = [question(chance, depth - 1) for _ in range(chance.randint(0, 3))]
        rest = question(chance, 0) if chance.random() < 0.3 else {}
        return rest | {word: question(chance, depth - 1) if word == "not" else parts}
    chosen = chance.sample(kinds, chance.randint(0, 2))
    return {name: test(chance, name) for name in chosen}


def test(chance: random.Random, name: str) -> dict[str, Any]:
    """Make up a test of an attribute."""
    if chance.random() < 0.15:
        return {"exists": chance.random() < 0.5}
    choices = {
        "category": ["clothes", "trousers", "jeans", "shoes", "nothing"],
        "brand": ["acme", "zenith", "nothing"],
        "city": CITIES,
        "price": [0.0, 0.1, 9.99, 50.0, 1e6],
        "publishedAt": [_hour(n) for n in range(6)],
    }[name]
    compare = ["gt", "gte", "lt", "lte"] if name in ("price", "publishedAt") else []
    under = ["under"] if name in ("category", "brand") else []
    verb = chance.choice(["eq", "in", *compare, *under])
    value = chance.choice(choices)
    return {verb: chance.sample(choices, chance.randint(0, 3)) if verb == "in" else value}


test.__test__ = False  # type: ignore[attr-defined]


def holds(asked: dict[str, Any], row: dict[str, Any]) -> bool:
    """Say whether a row fits: the same language, done the plain way."""
    return all(_holds(name, value, row) for name, value in asked.items())


def _holds(name: str, value: Any, row: dict[str, Any]) -> bool:
    if name == "and":
        return all(holds(part, row) for part in value)
    if name == "or":
        return any(holds(part, row) for part in value)
    if name == "not":
        return not holds(value, row)
    mine = row.get({"publishedAt": "published_at"}.get(name, name))
    return all(_fits(verb, mine, wanted) for verb, wanted in value.items())


def _fits(verb: str, mine: Any, wanted: Any) -> bool:
    if verb == "exists":
        return (mine is not None) == wanted
    if mine is None:
        return False
    if verb == "under":
        return wanted in _line(mine)
    if verb == "in":
        return mine in wanted
    tests = {
        "eq": mine == wanted,
        "gt": mine > wanted,
        "gte": mine >= wanted,
        "lt": mine < wanted,
        "lte": mine <= wanted,
    }
    return tests[verb]


def _line(key: str | None) -> list[str]:
    return [key, *_line(TAGS[key][1])] if key else []


def _hour(number: int) -> str:
    moment: datetime = NOON + timedelta(hours=number)
    return moment.isoformat()
