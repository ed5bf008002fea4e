"""Features before and after they are encoded: every one is worked out here, for whatever use."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats
from nlp.compiled import Doubles
from ranking.examples import Codes, Longs
from ranking.features.deeds import packed
from ranking.features.facts import Facts
from ranking.features.hashing import Tokens, crossed, token_of, tokens_of, tokens_of_ids
from ranking.features.moments import HOUR, NEVER, local
from ranking.features.scaling import Buckets, Normal
from ranking.features.sides import place_of, source_place, table_of
from ranking.features.sources import ITEM, split
from ranking.features.spec import (
    Age,
    AnyFeature,
    Cross,
    Number,
    Past,
    Position,
    Statistic,
    Tags,
    Word,
    Words,
)
from ranking.features.tallies import Counted, counted
from ranking.features.wanted import clock_of, tallying_key

if TYPE_CHECKING:
    from ranking.features.encoding import Encoding


def codes_of(encoding: "Encoding", facts: Facts, name: str) -> Codes:
    """Give the codes of a feature that is one code, a row for each subject of its place."""
    feature = encoding.features[name]
    if isinstance(feature, Word | Cross):
        table = table_of(name, encoding.features)
        return encoding.coders[table].codes(tokens(encoding, facts, name))
    if isinstance(feature, Position):
        return _places(facts, feature.size)
    buckets = encoding.scalings[name]
    assert isinstance(buckets, Buckets)
    return buckets.codes(numbers(encoding, facts, name))


def scaled(encoding: "Encoding", facts: Facts, name: str) -> Floats:
    """Give a feature that is a number on a scale."""
    normal = encoding.scalings[name]
    assert isinstance(normal, Normal)
    return normal.scaled(numbers(encoding, facts, name))


def bag_of(encoding: "Encoding", facts: Facts, name: str) -> Codes:
    """Give the codes of a feature that is many words. # (subjects, most)"""
    return encoding.coders[name].codes(many(encoding, facts, name))


def steps_of(encoding: "Encoding", facts: Facts, name: str) -> Codes:
    """Give what describes the steps of a past, filled up with 0. # (asks, length, fields)"""
    past, steps = encoding.features[name], facts.steps[name]
    assert isinstance(past, Past)
    moments, rows = facts.asked.moments[:, None], facts.items.places(steps.items)
    by = [(table_of(one, encoding.features), encoding.features[one]) for one in past.by]
    found = [encoding.coders[t].codes(_word(w, facts, rows, moments)) for t, w in by]
    found += [{"kind": steps.kinds, "age": steps.ages}[one] for one in past.also]
    codes = np.stack(found, -1).astype(np.int32)
    return packed(codes, (steps.items >= 0) & (codes[..., 0] > 0))


def tokens(encoding: "Encoding", facts: Facts, name: str) -> Tokens:
    """Give the words of a feature that is one code."""
    feature = encoding.features[name]
    if isinstance(feature, Word):
        return _words(feature, facts)
    if isinstance(feature, Cross):
        place = place_of(name, encoding.features)
        parts = [(part, place_of(part, encoding.features)) for part in feature.of]
        return crossed(facts.moved(tokens(encoding, facts, p), at, place) for p, at in parts)
    codes = codes_of(encoding, facts, name)
    return np.where(codes > 0, tokens_of_ids(codes), np.uint64(0))


def numbers(encoding: "Encoding", facts: Facts, name: str) -> Doubles:
    """Give a feature that is a number before it is scaled; NaN where it is missing."""
    feature = encoding.features[name]
    assert isinstance(feature, Number | Age | Statistic)
    if isinstance(feature, Statistic):
        found = _rate(feature, counts(encoding, facts, name), encoding.rates.get(name, 0.0))
    else:
        found = _number(feature, facts) if isinstance(feature, Number) else _age(feature, facts)
    if feature.default is None:
        return found
    return np.where(np.isnan(found), feature.default, found)


def counts(encoding: "Encoding", facts: Facts, name: str) -> Counted:
    """Give what a statistic is taken from."""
    feature, place = encoding.features[name], place_of(name, encoding.features)
    assert isinstance(feature, Statistic)
    parts = [(_source(one, facts), source_place(one)) for one in feature.of]
    keys = crossed(facts.moved(found, at, place) for found, at in parts)
    ticks = clock_of(feature).tick(facts.moments(place))
    return counted(facts.tallies[tallying_key(feature)], feature, keys, ticks)


def many(encoding: "Encoding", facts: Facts, name: str) -> Tokens:
    """Give the words of a feature that is many. # (subjects, most)"""
    feature = encoding.features[name]
    assert isinstance(feature, Tags | Words)
    place = place_of(name, encoding.features)
    described = facts.items if place == "items" else facts.persons
    return described.lists[name][facts.rows(place)]


def _words(word: Word, facts: Facts) -> Tokens:
    place = source_place(word.of)
    return _word(word, facts, facts.rows(place), facts.moments(place))


def _word(word: AnyFeature, facts: Facts, rows: Longs, moments: Longs) -> Tokens:
    """Give the words of things at moments: what is dated later is missing."""
    assert isinstance(word, Word)
    table, attribute = split(word.of)
    if not table:
        found = _source(word.of, facts)
    else:
        described = facts.items if table == ITEM else facts.persons
        found = described.words[attribute][rows]
        if word.dated is not None:
            found = np.where(described.times[word.dated][rows] > moments, np.uint64(0), found)
    if word.default is None:
        return found
    return np.where(found == 0, np.uint64(token_of(word.default)), found)


def _source(source: str, facts: Facts) -> Tokens:
    """Give a word of each subject as it stands."""
    table, attribute = split(source)
    if table:
        described = facts.items if table == ITEM else facts.persons
        return described.words[attribute][facts.rows(source_place(source))]
    if attribute == "scene":
        return np.append(tokens_of(facts.asked.scene_names), np.uint64(0))[facts.asked.scenes]
    hours, days = local(facts.asked.moments, facts.zone)
    return tokens_of_ids(hours if attribute == "hour" else days)


def _number(number: Number, facts: Facts) -> Doubles:
    place = source_place(number.of)
    attribute = split(number.of)[1]
    described, rows = (facts.items if place == "items" else facts.persons), facts.rows(place)
    found = described.numbers[attribute][rows]
    if number.dated is None:
        return found
    return np.where(described.times[number.dated][rows] > facts.moments(place), np.nan, found)


def _age(age: Age, facts: Facts) -> Doubles:
    """Give hours; what is yet to come is missing where the time since is asked for."""
    place = source_place(age.of)
    described = facts.items if place == "items" else facts.persons
    times = described.times[split(age.of)[1]][facts.rows(place)]
    moments = facts.moments(place)
    ticks = clock_of(age).tick(moments)
    apart = np.maximum(ticks - times if age.way == "since" else times - ticks, 0) / HOUR
    missing = times == NEVER
    if age.way == "since":
        missing |= times > moments
    return np.where(missing, np.nan, apart)


def _rate(statistic: Statistic, found: Counted, rate: float) -> Doubles:
    if found.tries is None:
        numbers = found.hits.astype(np.float64)
    else:
        more = statistic.smooth
        numbers = (found.hits + more * rate) / (found.tries + more)
    return np.where(found.missing, np.nan, numbers)


def _places(facts: Facts, size: int) -> NDArray[np.int32]:
    positions = facts.asked.positions
    assert positions is not None
    return np.minimum(positions + 1, size).astype(np.int32)
