"""A shop so small that every right answer is obvious.

Three dresses and two cups; Ann (Paris) clicks dresses, Bob (Rome) buys the blue cup.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from api.spec import Spec, open_spec
from graph.columns import sync_columns
from graph.importing.declared import Declared, Outcome
from graph.importing.rows import load_rows
from tests.patience import patient

TEXT = """\
name: tiny
catalog:
  item:
    category: {type: tag, facet: category, filter: true}
    city: {type: keyword, filter: true}
    price: {type: number, filter: true}
    published_at: {type: time, filter: true}
    expires_at: {type: time, filter: true}
  user:
    city: {type: keyword}
  lifetime: {begins: published_at, ends: expires_at}
recall:
  channels:
    popular: {type: popular, by: [scene, person.city, item.category], half_life: 1d}
    fresh: {type: fresh, by: [item.category], window: 7d}
scenes:
  home: {recall: [popular, fresh]}
  liked: {recall: [popular]}
  new: {recall: [fresh]}
  cheap: {extends: home, where: {price: {lt: 20}}}
"""
NOON = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(hours=12)


def at(hours: float) -> str:
    """Give a moment, counted in hours from yesterday's noon."""
    return (NOON + timedelta(hours=hours)).isoformat()


TAGS = [
    {"key": "wear", "facet": "category", "en": "Wear"},
    {"key": "dress", "facet": "category", "en": "Dress", "parents": ["wear"]},
    {"key": "cup", "facet": "category", "en": "Cup"},
]
ITEMS = [
    ("red-dress", "dress", "Paris", 50, -24 * 30, None),
    ("blue-dress", "dress", "Paris", 40, -48, None),
    ("old-dress", "dress", "Rome", 10, -24 * 60, -1),
    ("blue-cup", "cup", "Rome", 15, -24 * 20, None),
    ("new-cup", "cup", "Rome", 5, -2, None),
    ("next-cup", "cup", "Rome", 5, 24 * 30, None),
]
PERSONS = [("ann", "Paris"), ("bob", "Rome"), ("cat", "Rome")]
EVENTS = [
    ("click", "ann", "red-dress", "home", -5),
    ("click", "ann", "blue-dress", "home", -4),
    ("purchase", "bob", "blue-cup", "cheap", -3),
    ("click", "bob", "red-dress", "home", -2),
    ("click", "bob", "old-dress", "home", -2),
    ("expose", "cat", "new-cup", "home", -1),
]


def rows(subject: str) -> list[dict[str, Any]]:
    """Give the rows of one subject, as a shop would bring them."""
    if subject == "item":
        return [
            {
                "key": key,
                "title": key.replace("-", " "),
                "category": category,
                "city": city,
                "price": price,
                "published_at": at(begins),
                "expires_at": None if ends is None else at(ends),
            }
            for key, category, city, price, begins, ends in ITEMS
        ]
    if subject == "person":
        return [{"key": key, "city": city} for key, city in PERSONS]
    if subject == "event":
        return [
            {"id": f"e{n}", "kind": k, "person": p, "item": i, "scene": s, "time": at(hours)}
            for n, (k, p, i, s, hours) in enumerate(EVENTS)
        ]
    return [dict(tag) for tag in TAGS]


def declared_of(spec: Spec) -> Declared:
    """Give what rows of a shop are checked against."""
    return Declared(spec.catalog, spec.events, spec.zone())


def load(connection: Connection, spec: Spec, subject: str, new: list[dict[str, Any]]) -> Outcome:
    """Load rows and insist that all are good."""
    outcome = load_rows(connection, subject, new, declared_of(spec))
    assert outcome.rejects == (), outcome.rejects
    return outcome


def open_tiny(engine: Engine, folder: Path, text: str = TEXT) -> Spec:
    """Fill an empty database with the tiny shop."""
    path = folder / "weft.yaml"
    path.write_text(text)
    spec = patient(open_spec(path))
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
        for subject in ("tag", "item", "person", "event"):
            load(connection, spec, subject, rows(subject))
    return spec
