"""The tiny shop with features of every kind, and requests in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter
from ruamel.yaml import YAML
from sqlalchemy import Connection, Engine, text

from api.spec import Spec
from ranking.examples import Inputs
from ranking.features.asked import Asked
from ranking.features.encoding import Encoding
from ranking.features.fitting import fit_encoding
from ranking.features.spec import AnyFeature, Features
from ranking.labelled import Labelled
from tests.tiny import NOON, TEXT, at, load, open_tiny

HOUR = 3600.0
SHOP = TEXT.replace(
    "    price: {type: number, filter: true}",
    """    price: {type: number, filter: true}
    colours: {type: keyword, many: true}
    sold: {type: number}
    sold_at: {type: time}""",
)
FEATURES = """
person: {type: word, of: person.key, size: 64}
city: {type: word, of: person.city, default: Nowhere, least: 1}
scene: {type: word, of: scene, least: 1}
hour: {type: word, of: hour, least: 1}
item: {type: word, of: item.key, least: 1}
category: {type: word, of: item.category, least: 1}
place: {type: word, of: item.city, table: city}
price: {type: number, of: item.price, buckets: 3}
worth: {type: number, of: item.price, scale: lognormal}
age: {type: age, of: item.published_at, scale: log, buckets: 5}
left: {type: age, of: item.expires_at, way: until, default: 1000, buckets: 4}
kinds: {type: tags, facets: [category], least: 1, most: 2}
colours: {type: words, of: item.colours, size: 20}
past: {type: past, by: [item, category], length: 3, also: [kind, age]}
clicks: {type: statistic, of: [item.key], events: [click], window: 24h, scale: lognormal}
rate: {type: statistic, of: [item.category], events: [click], per: [expose], smooth: 2, window: 7d,
       every: 1d, scale: normal}
own: {type: statistic, of: [person.key, item.category], events: [click, purchase], window: 7d,
      scale: log, buckets: 4}
active: {type: statistic, of: [person.key], events: [click], window: 24h, scale: normal}
here: {type: statistic, of: [scene, item.key], events: [click], window: 24h, scale: normal}
fits: {type: cross, of: [city, category], size: 100}
dear: {type: cross, of: [category, price], least: 1}
position: {type: position, size: 10}
shelf: {type: cross, of: [scene, position], least: 1}
"""


def features_of(yaml: str = FEATURES) -> dict[str, AnyFeature]:
    raw = YAML(typ="safe").load(StringIO(yaml))
    found: dict[str, AnyFeature] = TypeAdapter(Features).validate_python(raw)
    return found


def open_shop(engine: Engine, folder: Path) -> Spec:
    """Fill the shop; what is known of it was all written long ago."""
    spec = open_tiny(engine, folder, SHOP)
    with engine.begin() as connection:
        connection.execute(text("UPDATE item SET changed_at = now() - interval '90 days'"))
    return spec


def ids(connection: Connection, table: str) -> dict[str, int]:
    return {r.key: r.id for r in connection.execute(text(f"SELECT key, id FROM {table}"))}


def add_events(connection: Connection, spec: Spec, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add events: kind, person, item, hours from noon."""
    count = connection.execute(text("SELECT count(*) FROM event")).scalar_one()
    events = [
        {"id": f"more{count + n}", "kind": k, "person": p, "item": i, "scene": "home",
         "time": at(hours)}
        for n, (k, p, i, hours) in enumerate(rows)
    ]  # fmt: skip
    load(connection, spec, "event", events)


def labelled(
    connection: Connection, requests: Sequence[tuple[str | None, str, float, Sequence[str]]]
) -> Labelled:
    """Show items: to whom, in which scene, at which hour, which."""
    persons, items = ids(connection, "person"), ids(connection, "item")
    scenes = sorted({scene for _, scene, _, _ in requests})
    rows = [
        (
            -1 if p is None else persons[p],
            items[i],
            NOON.timestamp() + h * HOUR,
            g,
            scenes.index(s),
            n,
        )
        for g, (p, s, h, shown) in enumerate(requests)
        for n, i in enumerate(shown)
    ]
    who, what, when, group, where, place = (np.array(column) for column in zip(*rows, strict=True))
    return Labelled(
        who.astype(np.int64),
        what.astype(np.int64),
        when.astype(np.float64),
        group.astype(np.int64),
        (None,) * len(requests),
        where.astype(np.int32),
        tuple(scenes),
        place.astype(np.int32),
        (place[:, None] == 0).astype(np.float32),
        ("click",),
    )


REQUESTS = [
    ("ann", "home", -4.5, ["red-dress", "blue-dress", "blue-cup"]),
    ("bob", "home", -2.5, ["red-dress", "old-dress"]),
    ("cat", "cheap", -1.5, ["new-cup", "blue-cup", "red-dress"]),
    (None, "home", -0.5, ["new-cup", "old-dress"]),
    ("ann", "home", 0.5, ["next-cup", "red-dress", "new-cup"]),
]


def fitted(connection: Connection, spec: Spec, yaml: str = FEATURES) -> tuple[Encoding, Labelled]:
    shown = labelled(connection, REQUESTS)
    features = features_of(yaml)
    return fit_encoding(connection, features, spec.catalog, spec.events, shown), shown


def alone(asked: Asked, number: int) -> Asked:
    """Give one of the requests."""
    rows = np.flatnonzero(asked.ask == number)
    one = slice(number, number + 1)
    return replace(
        asked,
        persons=asked.persons[one],
        moments=asked.moments[one],
        scenes=asked.scenes[one],
        ask=np.zeros(len(rows), np.int64),
        items=asked.items[rows],
        positions=None if asked.positions is None else asked.positions[rows],
    )


def flat(inputs: Inputs) -> Mapping[str, np.ndarray]:
    """Lay all features out, a row for each pair."""
    found: dict[str, np.ndarray] = {"bias": inputs.bias}
    sides = {"asks": inputs.ask, "items": inputs.item, "pairs": np.arange(len(inputs))}
    for side, rows in sides.items():
        columns = getattr(inputs, side)
        found[f"{side}.ones"] = columns.ones[rows]
        found[f"{side}.numbers"] = columns.numbers[rows] if columns.numbers.size else np.zeros(0)
        for kind in ("bags", "pasts"):
            for n, some in enumerate(getattr(columns, kind)):
                found[f"{side}.{kind}.{n}"] = some[rows]
    return found


def part(side: str, name: str, encoding: Encoding) -> tuple[str, int]:
    """Find where a feature stands in what `flat` gives."""
    if name in (ones := encoding.ones(side)):
        return ("bias" if side == "bias" else f"{side}.ones"), ones.index(name)
    return f"{side}.numbers", encoding.numbers(side).index(name)
