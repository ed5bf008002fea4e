"""What models read of a person, in words that people read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection

from ranking.features.asked import asked
from ranking.features.encoding import Encoding
from ranking.features.facts import Facts
from ranking.features.moments import local
from ranking.features.rows import read
from ranking.features.sides import is_one
from ranking.features.sources import PERSON, split
from ranking.features.spec import Age, Cross, Number, Past, Scaled, Statistic, Word, Words
from ranking.features.values import bag_of, codes_of, numbers
from ranking.features.values import steps_of as codes_of_steps
from ranking.persons import queries

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Read:
    """A feature of a person: its kind, its values, and whether models have met them."""

    name: str
    type: str
    values: tuple[str, ...]
    known: bool


@dataclass(frozen=True)
class Looked:
    """What was read for one person."""

    encoding: Encoding
    facts: Facts
    stored: Mapping[str, Any]  # attributes of the person
    keys: Mapping[int, str]  # of items in pasts


def features_of(
    connection: Connection, encodings: Sequence[Encoding], person: int, moment: datetime
) -> tuple[Read, ...]:
    """Read all features of whoever asks, as of a moment, and in no scene."""
    found: dict[str, Read] = {}
    for whole in encodings:
        names = [n for n in whole.named("asks") if n not in found and not _of_scene(whole, n)]
        encoding = whole.only(names)
        facts = read(connection, encoding, asked(person, "", moment, ()))
        row = connection.execute(queries.ATTRIBUTES, {"person": person}).one_or_none()
        stored = {} if row is None else {**row.attributes, "key": row.key}
        looked = Looked(encoding, facts, stored, _keys(connection, facts))
        found |= {name: _read(looked, name) for name in names}
    return tuple(found.values())


def _of_scene(encoding: Encoding, name: str) -> bool:
    """Tell whether a feature is another in every scene."""
    feature = encoding.features[name]
    if isinstance(feature, Cross):
        return any(_of_scene(encoding, part) for part in feature.of)
    sources = feature.of if isinstance(feature, Statistic) else [getattr(feature, "of", "")]
    return "scene" in sources


def _keys(connection: Connection, facts: Facts) -> dict[int, str]:
    items = {item for steps in facts.steps.values() for item in steps.items.ravel().tolist()}
    rows = connection.execute(queries.ITEM_KEYS, {"items": sorted(items - {-1})})
    return {row.id: row.key for row in rows}


def _read(looked: Looked, name: str) -> Read:
    feature = looked.encoding.features[name]
    return Read(name, feature.type, _values(looked, name), _known(looked, name))


def _values(looked: Looked, name: str) -> tuple[str, ...]:
    feature = looked.encoding.features[name]
    match feature:
        case Word(of=source, default=default):
            word = _word(looked, source) or default
            return () if word is None else (str(word),)
        case Number() | Age() | Statistic():
            number = float(numbers(looked.encoding, looked.facts, name)[0])
            return () if np.isnan(number) else (f"{number:.6g}",)
        case Words(of=source, most=most):
            return tuple(looked.stored.get(split(source)[1]) or ())[:most]
        case Past():
            return tuple(_steps(looked, name))
        case Cross(of=parts):
            return (" × ".join(" ".join(_values(looked, part)) for part in parts),)
    return ()


def _word(looked: Looked, source: str) -> Any:
    table, attribute = split(source)
    if table == PERSON:
        value = looked.stored.get(attribute)
        return str(value).lower() if isinstance(value, bool) else value
    hours, days = local(looked.facts.asked.moments, looked.facts.zone)
    return str(hours[0]) if attribute == "hour" else DAYS[int(days[0])]


def _steps(looked: Looked, name: str) -> list[str]:
    """Write the steps of a past, the newest first."""
    past, steps = looked.encoding.features[name], looked.facts.steps[name]
    assert isinstance(past, Past)
    rows = zip(steps.items[0].tolist(), steps.kinds[0].tolist(), strict=True)
    told = [f"{past.kinds[kind - 1]} {looked.keys[item]}" for item, kind in rows if item >= 0]
    return told[::-1]


def _known(looked: Looked, name: str) -> bool:
    encoding, facts, feature = looked.encoding, looked.facts, looked.encoding.features[name]
    if isinstance(feature, Past):
        return bool((codes_of_steps(encoding, facts, name)[0, :, 0] > 0).any())
    if isinstance(feature, Words):
        return bool((bag_of(encoding, facts, name)[0] > 0).any())
    if is_one(feature):
        return bool(codes_of(encoding, facts, name)[0] > 0)
    assert isinstance(feature, Scaled)
    return not np.isnan(numbers(encoding, facts, name)[0])
