from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, text

from api.spec import Spec
from ranking.features.asked import asked_of
from ranking.features.fitting import fit_encoding
from ranking.features.report import written_later
from ranking.features.rows import encode, read
from ranking.features.values import counts, numbers, tokens
from tests.ranking.features.shop import HOUR, add_events, features_of, flat, labelled, open_shop
from tests.tiny import NOON, at

SHOWN = [(person, "home", -1.0, ["red-dress", "blue-cup"]) for person in ("ann", "bob", "cat")]
SECRET = """
bought: {type: statistic, of: [person.key, item.key], events: [purchase], window: 7d, every: 1h,
         scale: normal}
sold: {type: number, of: item.sold, dated: sold_at, scale: normal}
plain: {type: number, of: item.sold, scale: normal}
word: {type: word, of: item.city, dated: changed_at, least: 1}
age: {type: age, of: item.sold_at, scale: normal}
past: {type: past, by: [item], kinds: [purchase], length: 4}
item: {type: word, of: item.key, least: 1}
"""


def tell_the_future(connection: Connection, spec: Spec) -> None:
    """Plant the answer: whoever is shown the red dress buys it later, and the item says so."""
    add_events(connection, spec, [("purchase", p, "red-dress", 1) for p in ("ann", "bob", "cat")])
    change = """UPDATE item SET changed_at = now(), attributes = attributes ||
        jsonb_build_object('sold', 3, 'sold_at', CAST(:at AS text)) WHERE key = 'red-dress'"""
    stamp = at(1).replace("+00:00", "Z")
    connection.execute(text(change), {"at": stamp})


@pytest.mark.parametrize("hours", [-1.0, 3.0])
def test_what_is_dated_later_is_refused(engine: Engine, tmp_path: Path, hours: float) -> None:
    spec, knows = open_shop(engine, tmp_path), hours > 1
    with engine.begin() as connection:
        tell_the_future(connection, spec)
        shown = labelled(connection, [(p, s, hours, items) for p, s, _, items in SHOWN])
        encoding = fit_encoding(connection, features_of(SECRET), spec.catalog, spec.events, shown)
        facts = read(connection, encoding, asked_of(shown))
        red = facts.subjects.item[0]
        assert counts(encoding, facts, "bought").hits[::2].tolist() == [knows] * 3
        bought = facts.steps["past"].items == facts.asked.items[0]
        assert bought.any(1).tolist() == [knows] * 3
        assert np.isnan(numbers(encoding, facts, "sold")[red]) == (not knows)
        assert np.isnan(numbers(encoding, facts, "age")[red]) == (not knows)
        assert numbers(encoding, facts, "plain")[red] == 3  # the state of today, as declared


def test_a_word_from_a_row_that_was_written_later_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    spec = open_shop(engine, tmp_path)
    with engine.begin() as connection:
        tell_the_future(connection, spec)
        shown = labelled(connection, SHOWN)
        features = features_of(SECRET)
        encoding = fit_encoding(connection, features, spec.catalog, spec.events, shown)
        facts = read(connection, encoding, asked_of(shown))
        assert (tokens(encoding, facts, "word")[facts.subjects.item[:2]] > 0).tolist() == [
            False,
            True,
        ]
        later = written_later(encoding, facts)
    assert later["plain"] == 0.5
    assert (later["sold"], later["word"], later["item"], later["bought"]) == (0, 0, 0, 0)


def test_features_without_the_future_are_the_same_with_it(engine: Engine, tmp_path: Path) -> None:
    spec = open_shop(engine, tmp_path)
    features = {n: f for n, f in features_of(SECRET).items() if n != "plain"}
    features.pop("word")
    with engine.begin() as connection:
        shown = labelled(connection, SHOWN)
        encoding = fit_encoding(connection, features, spec.catalog, spec.events, shown)
        before = flat(encode(connection, encoding, asked_of(shown)))
        tell_the_future(connection, spec)
        after = flat(encode(connection, encoding, asked_of(shown)))
    assert all(before[name].tobytes() == after[name].tobytes() for name in before)


def test_a_request_is_of_the_moment_that_its_first_row_was_shown(
    engine: Engine, tmp_path: Path
) -> None:
    open_shop(engine, tmp_path)
    with engine.begin() as connection:
        shown = labelled(connection, SHOWN)
    shown.times[1] += 2 * HOUR
    assert asked_of(shown).moments[0] == int((NOON.timestamp() - HOUR) * 1_000_000)
