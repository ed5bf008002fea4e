"""A shop with two kinds of customers, and a plain filter to compare answers with."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from tests.tiny import NOON

SPEC: Mapping[str, Any] = {
    "name": "channels",
    "catalog": {
        "item": {
            "category": {"type": "tag", "facet": "category", "filter": True},
            "styles": {"type": "tag", "facet": "style", "filter": True, "many": True},
            "city": {"type": "keyword", "filter": True},
            "price": {"type": "number", "filter": True},
            "new": {"type": "boolean", "filter": True},
            "published_at": {"type": "time", "filter": True},
            "expires_at": {"type": "time"},
        },
        "user": {"city": {"type": "keyword"}},
        "lifetime": {"begins": "published_at", "ends": "expires_at"},
    },
    "graph": {
        "edges": {
            "liked": {"type": "events"},
            "tagged": {"type": "tags"},
            "fond": {"type": "through", "path": ["liked", "tagged"]},
        }
    },
}
TAGS = [
    {"key": "drink", "facet": "category", "en": "Drink"},
    {"key": "tea", "facet": "category", "en": "Tea", "parents": ["drink"]},
    {"key": "wool", "facet": "category", "en": "Wool"},
    {"key": "soft", "facet": "style", "en": "Soft"},
    {"key": "loud", "facet": "style", "en": "Loud"},
]
CITIES = ("Leiden", "上海", None)
PERSONS = [f"{kind}{n}" for kind in ("tea", "wool") for n in range(6)]
GONE = ("tea-removed", "tea-ended", "tea-later")  # liked by all who like tea, and never to be shown
SIZE = 12


def day(days: float) -> str:
    """Give a moment, counted in days from yesterday's noon."""
    return (NOON + timedelta(days=days)).isoformat()


def item(key: str, kind: str, number: int) -> dict[str, Any]:
    """Describe an item; its parts vary so that filters cut right through both kinds."""
    return {
        "key": key,
        "title": key,
        "category": kind,
        "styles": [["soft"], ["loud"], ["soft", "loud"], None][number % 4],
        "city": CITIES[number % 3],
        "price": None if number % 5 == 4 else 10.0 * number,
        "new": [True, False, None][number % 3],
        "published_at": day(30 if key == "tea-later" else -5 - number),
        "expires_at": day(-0.5) if key == "tea-ended" else None,
    }


def items() -> list[dict[str, Any]]:
    """Give all items."""
    own = [item(f"{kind}-{n}", kind, n) for kind in ("tea", "wool") for n in range(SIZE)]
    return own + [item(key, "tea", 1) for key in GONE]


def events() -> Iterator[dict[str, Any]]:
    """Everybody clicks most things of their kind; the first three of each are bought long ago."""
    number = 0
    for person in PERSONS:
        kind = person.rstrip("0123456789")
        for key in [f"{kind}-{n}" for n in range(SIZE)] + [k for k in GONE if k.startswith(kind)]:
            number += 1
            if (number * 7) % 3:
                yield event(number, "click", person, key, -1 - number % 3)
            if key[-2:] in ("-0", "-1", "-2"):
                yield event(1000 + number, "purchase", person, key, -60)
                yield event(2000 + number, "purchase", person, key, -40)
    yield event(9000, "click", "lately", "tea-1", -0.01)


def event(number: int, kind: str, person: str, key: str, days: float) -> dict[str, Any]:
    """Give one event."""
    return {"id": f"e{number}", "kind": kind, "person": person, "item": key, "scene": "home",
            "time": day(days)}  # fmt: skip


def passes(row: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    """Decide a filter in plain Python; a test of what is missing does not hold."""
    for name, value in where.items():
        if name == "and" and not all(passes(row, part) for part in value):
            return False
        if name == "or" and not any(passes(row, part) for part in value):
            return False
        if name == "not" and passes(row, value):
            return False
        if name not in ("and", "or", "not") and not _tests(row[name], value):
            return False
    return True


def _tests(own: Any, tests: Mapping[str, Any]) -> bool:
    return all(_holds(own, verb, value) for verb, value in tests.items())


def _holds(own: Any, verb: str, value: Any) -> bool:
    if verb == "exists":
        return (own is not None) == value
    if own is None:
        return False
    if isinstance(own, list):
        wanted = value if verb == "in" else [value]
        return bool(set(own) & set(wanted))
    compare = {
        "eq": lambda: own == value,
        "in": lambda: own in value,
        "under": lambda: own == value or (value == "drink" and own == "tea"),
        "gt": lambda: own > value,
        "gte": lambda: own >= value,
        "lt": lambda: own < value,
        "lte": lambda: own <= value,
    }
    return bool(compare[verb]())
