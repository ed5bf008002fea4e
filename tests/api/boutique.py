"""A shop of three brands whose right answers are obvious: Ann likes Acme, Bob Zenith, many Bigco.

Acme makes dresses, Zenith cups, Bigco shoes, and a dozen of these.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import Spec, open_spec
from graph.columns import sync_columns
from tests.api.shop import NOON, load
from tests.patience import patient
from weft.running import Quiet

TEXT = """\
name: boutique
catalog:
  item:
    category: {type: tag, facet: category, filter: true}
    brand: {type: tag, facet: brand, filter: true}
    city: {type: keyword, filter: true}
    price: {type: number, filter: true}
    published_at: {type: time, filter: true}
    expires_at: {type: time, filter: true}
  user:
    city: {type: keyword}
    device: {type: keyword}
    age: {type: number}
    joined_at: {type: time}
    loyal: {type: boolean}
  lifetime: {begins: published_at, ends: expires_at}
text:
  languages: [en]
  keywords: {at_least: 1}
graph:
  edges:
    tagged: {type: tags}
    worded: {type: words}
    means: {type: meanings}
    liked: {type: events}
    fond: {type: through, path: [liked, tagged]}
    kin: {type: through, path: [~tagged, tagged]}
spaces:
  flat: {type: linear, over: [liked, tagged], dim: 8, holdout: null}
  walks: {type: deepwalk, over: [liked, tagged], dim: 8, holdout: null}
  taste:
    type: youtube
    features: [tagged]
    dim: 16
    rate: 0.02
    batch: 64
    epochs: 60
    held_out: 0
    holdout: null
recall:
  channels:
    popular: {type: popular, by: [person.city], deadline: 30s}
    fresh: {type: fresh, window: 30d, deadline: 30s}
    similar: {type: itemcf, over: liked, deadline: 30s}
    tastes: {type: tags, over: fond, deadline: 30s}
    topics: {type: walk, path: [tagged, ~tagged], deadline: 30s}
    near: {type: nearest, space: flat, deadline: 30s}
    around: {type: nearest, space: walks, deadline: 30s}
    longed: {type: nearest, space: taste, deadline: 30s}
    keyword: {type: keyword, deadline: 30s}
scenes:
  home: {recall: [similar, tastes, near, popular]}
  local: {recall: [popular]}
  own: {recall: [popular, fresh], exclude: {own: {city: city}}}
  brands: {of: {facet: brand}, recall: [tastes, similar, popular], fusion: {type: reciprocal}}
  tower: {recall: [longed]}
  loved: {of: {facet: brand}, recall: [longed]}
  places: {of: {facet: brand}, recall: [around]}
  kinds: {extends: brands, of: {facet: category, examples: 1}, where: {city: Paris}}
  themes: {of: {facet: theme}, recall: [popular]}
"""
BRANDS = {"acme": ("dress", 4), "zenith": ("cup", 4), "bigco": ("shoe", 12)}
LIKES = {
    "ann": ["a1", "a2", "a3"],
    "dan": ["a1", "a2", "a4"],
    "bob": ["z1", "z2", "z3"],
    "eve": ["z1", "z2", "z4"],
    **{f"p{n}": [f"b{1 + (n + m) % 12}" for m in range(4)] for n in range(8)},
}
PEOPLE = {"ann": {"city": "Paris"}, "bob": {"city": "Rome"}, "new": {}}
TAGS = [
    {"key": "wear", "facet": "category", "en": "Wear"},
    {"key": "dress", "facet": "category", "en": "Dress", "parents": ["wear"]},
    {"key": "shoe", "facet": "category", "en": "Shoe", "parents": ["wear"]},
    {"key": "cup", "facet": "category", "en": "Cup"},
    *({"key": key, "facet": "brand", "en": key.title()} for key in BRANDS),
    {"key": "silent", "facet": "brand", "en": "Silent"},
]


def items() -> list[dict[str, Any]]:
    """Give the items: those of brands, one of which nothing is known, one removed."""
    found: list[dict[str, Any]] = []
    for brand, (category, count) in BRANDS.items():
        for n in range(1, count + 1):
            published = (NOON - timedelta(days=1, hours=len(found))).isoformat()
            found.append({
                "key": f"{brand[0]}{n}", "title": f"{brand} {category}", "category": category,
                "brand": brand, "city": "Paris" if n % 2 else "Rome", "price": 10.0 * n,
                "published_at": published,
            })  # fmt: skip
    return [
        *found,
        {"key": "bare", "title": "something", "price": 1.0},
        {"key": "gone", "title": "acme dress", "brand": "acme", "category": "dress"},
    ]


def events() -> list[dict[str, Any]]:
    """Give a click for everything that somebody likes, an hour and more ago."""
    return [
        {"id": f"{person} {item}", "kind": "click", "person": person, "item": item,
         "time": (NOON - timedelta(hours=1, minutes=n)).isoformat()}
        for person, liked in LIKES.items()
        for n, item in enumerate(liked)
    ]  # fmt: skip


def open_boutique(engine: Engine, folder: Path, released: bool = True) -> Spec:
    """Fill an empty database with the shop, and release it."""
    path = folder / "weft.yaml"
    path.write_text(TEXT)
    spec = patient(open_spec(path))
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
        load(connection, spec, "tag", TAGS)
        load(connection, spec, "item", items())
        load(connection, spec, "person", [{"key": key, **of} for key, of in PEOPLE.items()])
        load(connection, spec, "event", events())
        connection.execute(text("UPDATE item SET removed_at = now() WHERE key = 'gone'"))
    if released:
        apply_spec(engine, spec, Quiet())
    return spec
