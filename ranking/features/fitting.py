"""Fitting an encoding: which words there are, where buckets begin, what is usual."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from sqlalchemy import Connection

from graph.catalog import Catalog
from nlp.compiled import Doubles
from ranking.features.asked import asked_of
from ranking.features.coding import Coder, Listed, Spread
from ranking.features.encoding import Encoding
from ranking.features.facts import Facts, read_facts
from ranking.features.hashing import Tokens, token_of
from ranking.features.scaling import Scaling, scaling_of
from ranking.features.sides import Place, insist, place_of, table_of
from ranking.features.spec import AnyFeature, Cross, Hashed, Scaled, Statistic, Tags, Word, Words
from ranking.features.values import counts, many, numbers, tokens
from ranking.features.wanted import with_kinds
from ranking.labelled import Labelled
from weft.errors import NothingToLearn
from weft.events import Events


def fit_encoding(
    connection: Connection,
    features: Mapping[str, AnyFeature],
    catalog: Catalog,
    events: Events,
    labelled: Labelled,
    zone: str = "UTC",
) -> Encoding:
    """Learn from samples how features become codes."""
    insist(features, catalog)
    if not len(labelled):
        raise NothingToLearn("there are no samples to learn an encoding of features from")
    filled = with_kinds(features, events)
    facts = read_facts(connection, filled, zone, asked_of(labelled))
    return fit(Encoding(filled, zone, labelled.tasks, {}, {}, {}), facts)


def fit(encoding: Encoding, facts: Facts) -> Encoding:
    """Learn rates first, then scales, then words, then what is crossed of all of these."""
    encoding = replace(encoding, rates=dict(_rates(encoding, facts)))
    encoding = replace(encoding, scalings=_scalings(encoding, facts))
    encoding = replace(encoding, coders=_coders(encoding, facts, (Word, Tags, Words)))
    crosses = _coders(encoding, facts, (Cross,))
    return replace(encoding, coders={**encoding.coders, **crosses})


def _rates(encoding: Encoding, facts: Facts) -> Iterable[tuple[str, float]]:
    for name, feature in encoding.features.items():
        if isinstance(feature, Statistic) and feature.per:
            found = counts(encoding, facts, name)
            assert found.tries is not None
            yield name, float(found.hits.sum() / max(found.tries.sum(), 1))


def _scalings(encoding: Encoding, facts: Facts) -> dict[str, Scaling]:
    return {
        name: scaling_of(feature, numbers(encoding, facts, name), _times(encoding, facts, name))
        for name, feature in encoding.features.items()
        if isinstance(feature, Scaled)
    }


def _times(encoding: Encoding, facts: Facts, name: str) -> Doubles:
    """Count the samples of each subject that a feature is worked out of."""
    return times_of(facts, place_of(name, encoding.features))


def times_of(facts: Facts, place: Place) -> Doubles:
    """Count the samples of each subject of a place."""
    if place == "pairs":
        return np.ones(len(facts.asked))
    asks, items = len(facts.asked.persons), len(facts.subjects.rows)
    if place == "asks":
        return np.bincount(facts.asked.ask, minlength=asks).astype(np.float64)
    return np.bincount(facts.subjects.item, minlength=items).astype(np.float64)


def _coders(encoding: Encoding, facts: Facts, kinds: tuple[type, ...]) -> dict[str, Coder]:
    tables = readers(encoding, kinds).items()
    return {table: _coder(encoding, facts, table, names) for table, names in tables}


def readers(encoding: Encoding, kinds: tuple[type, ...]) -> dict[str, list[str]]:
    """List the features that read each table of words."""
    found: dict[str, list[str]] = {}
    for name, feature in encoding.features.items():
        if isinstance(feature, kinds):
            found.setdefault(table_of(name, encoding.features), []).append(name)
    return found


def _coder(encoding: Encoding, facts: Facts, table: str, names: list[str]) -> Coder:
    feature = encoding.features[table]
    assert isinstance(feature, Hashed)
    if feature.size is not None:
        return Spread(token_of(table), feature.size)
    words, times = zip(*(seen(encoding, facts, name) for name in names), strict=True)
    known, places = np.unique(np.concatenate(words), return_inverse=True)
    often = np.bincount(places, np.concatenate(times), minlength=len(known)) >= feature.least
    return Listed(known[often & (known != 0)])


def seen(encoding: Encoding, facts: Facts, name: str) -> tuple[Tokens, Doubles]:
    """Give the words of a feature, and how many samples each comes in."""
    times = _times(encoding, facts, name)
    if isinstance(encoding.features[name], Tags | Words):
        found = many(encoding, facts, name)
        return found.ravel(), np.repeat(times, found.shape[1])
    return tokens(encoding, facts, name), times
