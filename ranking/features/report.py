"""Which features are worth having: how often they say something, how much, at which cost."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection

from nlp.compiled import Flags
from ranking.examples import Examples
from ranking.features.asked import Asked, asked_of
from ranking.features.encoding import Encoding
from ranking.features.facts import Facts
from ranking.features.fitting import times_of
from ranking.features.known import Known
from ranking.features.moments import micros
from ranking.features.rows import encode, read
from ranking.features.shuffling import Importance, importances
from ranking.features.sides import place_of
from ranking.features.sources import PERSON, split
from ranking.features.spec import (
    Age,
    AnyFeature,
    Number,
    Past,
    Position,
    Scaled,
    Tags,
    Word,
    Words,
)
from ranking.features.values import bag_of, numbers, steps_of, tokens
from ranking.labelled import Labelled
from ranking.rankers.lesson import Scorer

REQUESTS = 30


@dataclass(frozen=True)
class Worth:
    """What speaks for a feature and what against it."""

    name: str
    side: str
    coverage: float  # share of samples in which it is not missing
    later: float  # share of samples of which it was read from a row that was written later
    importance: Importance | None  # how much AUC falls without it
    milliseconds: float  # to have it for one request, beside what any request takes


def report(
    connection: Connection,
    encoding: Encoding,
    labelled: Labelled,
    scorer: Scorer | None = None,
    examples: Examples | None = None,
    known: Known | None = None,
) -> tuple[Worth, ...]:
    """Look at every feature, the most important first."""
    facts = read(connection, encoding, asked_of(labelled))
    falls: Mapping[str, Importance] = {}
    if scorer is not None and examples is not None:
        falls = importances(scorer, encoding.layout, examples)
    cost = costs(connection, encoding, facts.asked, known)
    covered, later = coverage(encoding, facts), written_later(encoding, facts)
    found = [
        Worth(name, encoding.sides[name], covered[name], later[name], falls.get(name), cost[name])
        for name in encoding.features
    ]
    return tuple(sorted(found, key=lambda one: -(one.importance.fall if one.importance else 0)))


def coverage(encoding: Encoding, facts: Facts) -> dict[str, float]:
    """Tell for which share of the samples each feature is known; defaults do not count."""
    bare = {name: _without_default(f) for name, f in encoding.features.items()}
    plain = replace(encoding, features=bare)
    return {name: _share(plain, facts, name, _known(plain, facts, name)) for name in bare}


def _without_default(feature: AnyFeature) -> AnyFeature:
    if isinstance(feature, Word | Scaled):
        return feature.model_copy(update={"default": None})
    return feature


def _known(encoding: Encoding, facts: Facts, name: str) -> Flags:
    feature = encoding.features[name]
    if isinstance(feature, Position) and facts.asked.positions is None:
        return np.zeros(len(facts.asked), np.bool_)
    if isinstance(feature, Tags | Words):
        return np.asarray((bag_of(encoding, facts, name) > 0).any(1))
    if isinstance(feature, Past):
        return np.asarray(steps_of(encoding, facts, name)[:, 0, 0] > 0)
    if isinstance(feature, Scaled):
        return ~np.isnan(numbers(encoding, facts, name))
    return np.asarray(tokens(encoding, facts, name) > 0)


def _share(encoding: Encoding, facts: Facts, name: str, flags: Flags) -> float:
    times = times_of(facts, place_of(name, encoding.features))
    return float(times[flags].sum() / times.sum())


def written_later(encoding: Encoding, facts: Facts) -> dict[str, float]:
    """Tell for which share of the samples an attribute may be of after the moment."""
    return {n: _later(encoding, facts, n, f) for n, f in encoding.features.items()}


def _later(encoding: Encoding, facts: Facts, name: str, feature: AnyFeature) -> float:
    """Look at rows of items and persons; ids and events are what they were."""
    if not isinstance(feature, Word | Number | Age | Words | Tags):
        return 0.0
    of = "item" if isinstance(feature, Tags) else feature.of
    table, attribute = split(of) if "." in of else (of, "")
    if table not in ("item", PERSON) or attribute == "key" or _dated(feature):
        return 0.0
    place = place_of(name, encoding.features)
    described = facts.items if place == "items" else facts.persons
    flags = described.changed[facts.rows(place)] > facts.moments(place)
    return _share(encoding, facts, name, flags)


def _dated(feature: AnyFeature) -> bool:
    return isinstance(feature, Word | Number) and feature.dated is not None


def costs(
    connection: Connection,
    encoding: Encoding,
    asked: Asked,
    known: Known | None = None,
    requests: int = REQUESTS,
) -> dict[str, float]:
    """Measure how long each feature takes for single requests, as in serving."""
    chosen = np.unique(np.linspace(0, len(asked.persons) - 1, requests).astype(np.int64))
    singles = [single(asked, int(number), known) for number in chosen]
    empty = _milliseconds(connection, encoding.only([]), singles, known)
    return {
        name: max(0.0, _milliseconds(connection, encoding.only([name]), singles, known) - empty)
        for name in encoding.features
    }


def single(asked: Asked, number: int, known: Known | None = None) -> Asked:
    """Give one of the requests before anything is shown; as if now, where that is known."""
    now = None if known is None else micros(np.array([known.moment.timestamp()]))
    rows, one = np.flatnonzero(asked.ask == number), slice(number, number + 1)
    return replace(
        asked,
        persons=asked.persons[one],
        moments=asked.moments[one] if now is None else now,
        scenes=asked.scenes[one],
        ask=np.zeros(len(rows), np.int64),
        items=asked.items[rows],
        positions=None,
    )


def _milliseconds(
    connection: Connection, encoding: Encoding, requests: list[Asked], known: Known | None
) -> float:
    """Give the median."""
    took = []
    for request in requests:
        began = time.perf_counter()
        encode(connection, encoding, request, known)
        took.append(time.perf_counter() - began)
    return float(np.median(took) * 1000)
