"""A shop whose persons click on what is of the city that they long for, and its models."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine

from api.spec import Spec, open_spec
from graph.columns import sync_columns
from tests.patience import patient
from tests.tiny import NOON, load

TEXT = """\
name: longing
catalog:
  item:
    city: {type: keyword, filter: true}
    price: {type: number, filter: true}
  user:
    device: {type: keyword}
recall:
  channels:
    popular: {type: popular}
    fresh: {type: fresh}
ranking:
  features:
    who: {type: word, of: person.key}
    thing: {type: word, of: item.key}
    city: {type: word, of: item.city}
    price: {type: number, of: item.price, scale: quantile, buckets: 4}
    taken: {type: past, by: [thing, city], length: 8}
    place: {type: position, size: 6}
  models:
    fine: {type: fm, dim: 8, rate: 0.03, batch: 256, epochs: 8, check: 6h}
    alone: {type: towers, dim: 8, vector: 8, hidden_asks: [16], hidden_items: [16], rate: 0.01,
            batch: 256, epochs: 4, check: 6h}
    coarse: {type: towers, dim: 8, vector: 8, hidden_asks: [16], hidden_items: [16], rate: 0.01,
             batch: 256, epochs: 4, check: 6h, distil: {teacher: fine, drawn: 1}}
scenes:
  home: {recall: [popular, fresh], seen: [],
         coarse: {model: coarse, keep: 12, deadline: 30s}, fine: {model: fine, deadline: 30s}}
  plain: {recall: [popular, fresh], seen: []}
"""
CITIES, ITEMS, PERSONS, REQUESTS, SHOWN = 4, 24, 30, 18, 6
OFTEN, SELDOM = 0.9, 0.08


def open_longing(engine: Engine, folder: Path, text: str = TEXT, events: bool = True) -> Spec:
    """Fill the database with three days of the shop."""
    path = folder / "weft.yaml"
    path.write_text(text, encoding="utf-8")
    spec = patient(open_spec(path))
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
        _fill(connection, spec, events)
    return spec


def city_of(item: int) -> str:
    """Name the city of an item."""
    return f"city{item % CITIES}"


def _fill(connection: Connection, spec: Spec, events: bool) -> None:
    items = [
        {"key": f"i{n}", "title": f"thing {n}", "city": city_of(n), "price": 1.0 + n}
        for n in range(ITEMS)
    ]
    load(connection, spec, "item", items)
    load(connection, spec, "person", [{"key": f"p{n}", "device": "web"} for n in range(PERSONS)])
    if events:
        load(connection, spec, "event", list(_events()))


def _events() -> list[dict[str, Any]]:
    draws = np.random.default_rng(4)
    start = NOON - timedelta(days=2)
    events: list[dict[str, Any]] = []
    for number in range(PERSONS * REQUESTS):
        person = number % PERSONS
        moment = start + timedelta(minutes=5.0 * number)
        items = draws.permutation(ITEMS)[:SHOWN]
        for place, item in enumerate(items.tolist()):
            clicks = draws.random() < (OFTEN if item % CITIES == person % CITIES else SELDOM)
            events += _shown(person, item, moment, number, place, clicks)
    return events


def _shown(
    person: int, item: int, moment: datetime, request: int, place: int, clicks: bool
) -> list[dict[str, Any]]:
    same = {"person": f"p{person}", "item": f"i{item}", "trace": f"t{request}", "scene": "home",
            "position": place}  # fmt: skip
    shown = {"id": f"e{request}.{place}", "kind": "expose", "time": moment, **same}
    clicked = {"id": f"c{request}.{place}", "kind": "click", **same}
    return [shown, *([{**clicked, "time": moment + timedelta(seconds=9)}] if clicks else [])]
