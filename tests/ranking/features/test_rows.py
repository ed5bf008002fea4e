import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, text

from api.spec import Spec
from ranking.examples import Inputs
from ranking.features.asked import Asked, asked_of
from ranking.features.encoding import Encoding, load_encoding
from ranking.features.facts import Facts
from ranking.features.hashing import token_of
from ranking.features.known import learn, refresh
from ranking.features.moments import moment_of
from ranking.features.rows import encode, examples_of, read
from ranking.features.values import codes_of, numbers, steps_of
from ranking.labelled import Labelled
from tests.ranking.features.shop import (
    REQUESTS,
    add_events,
    alone,
    fitted,
    flat,
    ids,
    labelled,
    open_shop,
)

LATER = [
    ("click", "ann", "new-cup", 0.6),
    ("click", "bob", "red-dress", 0.5),
    ("expose", "ann", "red-dress", 1),
    ("click", "cat", "blue-cup", 2),
]


@dataclass(frozen=True)
class Shop:
    connection: Connection
    spec: Spec
    encoding: Encoding
    shown: Labelled

    @property
    def asked(self) -> Asked:
        return asked_of(self.shown)

    def facts(self) -> Facts:
        return read(self.connection, self.encoding, self.asked)

    def numbers(self, name: str) -> list[float]:
        return numbers(self.encoding, self.facts(), name).tolist()


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Iterator[Shop]:
    spec = open_shop(engine, tmp_path)
    with engine.connect() as connection:
        yield Shop(connection, spec, *fitted(connection, spec))


def same(one: Inputs, other: Inputs) -> bool:
    left, right = flat(one), flat(other)
    return all(left[name].tobytes() == right[name].tobytes() for name in left)


def test_training_and_serving_rows_are_equal_bit_for_bit(shop: Shop) -> None:
    served = [encode(shop.connection, shop.encoding, alone(shop.asked, n)) for n in range(5)]
    add_events(shop.connection, shop.spec, LATER)
    again = [encode(shop.connection, shop.encoding, alone(shop.asked, n)) for n in range(5)]
    trained = flat(examples_of(shop.connection, shop.encoding, shop.shown).inputs)
    for number in range(len(REQUESTS)):
        rows = np.flatnonzero(shop.asked.ask == number)
        for name, values in trained.items():
            mine = values[rows] if len(values) else values
            for request in (served[number], again[number]):
                theirs = flat(request)[name]
                assert theirs.tobytes() == mine.tobytes(), (number, name)
                assert theirs.dtype == mine.dtype


def test_what_is_held_in_memory_is_the_same(shop: Shop) -> None:
    request = alone(shop.asked, 4)
    moment = moment_of(request.moments[0])
    known = learn(shop.connection, shop.encoding.features, moment)
    fresh = encode(shop.connection, shop.encoding, request)
    assert same(fresh, encode(shop.connection, shop.encoding, request, known))
    add_events(shop.connection, shop.spec, [("click", "bob", "red-dress", 0.2)])
    assert same(fresh, encode(shop.connection, shop.encoding, request, known))


def test_what_is_held_in_memory_follows_changes(shop: Shop) -> None:
    request = alone(shop.asked, 4)
    known = learn(shop.connection, shop.encoding.features, moment_of(request.moments[0]))
    change = "UPDATE item SET attributes = attributes || '{\"price\": 5}', changed_at = now()"
    shop.connection.execute(text(f"{change} WHERE key = 'red-dress'"))
    later = moment_of(request.moments[0] + 3_600_000_000)
    known, _ = refresh(shop.connection, shop.encoding.features, known, later)
    fresh = encode(shop.connection, shop.encoding, request)
    assert same(fresh, encode(shop.connection, shop.encoding, request, known))


def test_items_that_memory_lacks_are_read(shop: Shop) -> None:
    request = alone(shop.asked, 4)
    known = learn(shop.connection, shop.encoding.features, moment_of(request.moments[0]))
    shop.connection.execute(
        text("""INSERT INTO item (id, key, title, attributes)
                VALUES (7, 'odd-hat', 'odd hat', '{"price": 12, "category": "hat"}')""")
    )
    new = Asked(
        request.persons,
        request.moments,
        request.scenes,
        request.scene_names,
        np.zeros(2, np.int64),
        np.array([7, 1]),
    )
    fresh = encode(shop.connection, shop.encoding, new)
    assert same(fresh, encode(shop.connection, shop.encoding, new, known))
    assert codes_of(shop.encoding, read(shop.connection, shop.encoding, new), "price")[1] == 2


def test_counts_are_those_of_the_window_before_the_last_tick(shop: Shop) -> None:
    assert shop.numbers("active")[-1] == 2
    assert shop.numbers("clicks") == [0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 2, 0, 0]
    assert shop.numbers("here") == [0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 2, 0]


def test_a_rate_is_drawn_to_that_of_all(shop: Shop) -> None:
    yesterday = [("expose", "ann", "red-dress", -30)] * 4 + [("click", "ann", "red-dress", -29)]
    add_events(shop.connection, shop.spec, yesterday)
    encoding, _ = fitted(shop.connection, shop.spec)
    found = numbers(encoding, read(shop.connection, encoding, shop.asked), "rate")
    assert encoding.rates["rate"] == 0.25
    assert found[0] == (1 + 2 * 0.25) / (4 + 2)
    assert found[2] == 0.25


def test_pasts_hold_the_last_steps_before_the_moment(shop: Shop) -> None:
    found = steps_of(shop.encoding, shop.facts(), "past")
    items = codes_of(shop.encoding, shop.facts(), "item")
    red, blue = items[shop.facts().subjects.item[[0, 1]]]
    assert found[0, :, 0].tolist() == [red, 0, 0]
    assert found[4, :, 0].tolist() == [red, blue, 0]
    assert found[3].tolist() == [[0] * 4] * 3
    assert (found[:, :, 1:][found[:, :, 0] == 0] == 0).all()


def test_only_the_last_steps_are_kept_whichever_way_they_are_read(shop: Shop) -> None:
    add_events(
        shop.connection,
        shop.spec,
        [("click", "ann", item, -20 + n) for n, item in enumerate(["new-cup", "blue-cup"])],
    )
    whole = steps_of(shop.encoding, shop.facts(), "past")[4]
    request = read(shop.connection, shop.encoding, alone(shop.asked, 4))
    assert (steps_of(shop.encoding, request, "past")[0] == whole).all()
    assert (whole[:, 0] > 0).all()


def test_an_event_at_the_very_moment_does_not_count(shop: Shop) -> None:
    before = encode(shop.connection, shop.encoding, alone(shop.asked, 0))
    add_events(shop.connection, shop.spec, [("click", "ann", "blue-cup", -4.5)])
    assert same(before, encode(shop.connection, shop.encoding, alone(shop.asked, 0)))


def test_what_is_missing_is_read_as_declared(shop: Shop) -> None:
    city = codes_of(shop.encoding, shop.facts(), "city")
    assert city[3] > 0
    assert city[3] not in city[:3]
    assert codes_of(shop.encoding, shop.facts(), "person")[3] == 0
    assert 1000 in shop.numbers("left")


def test_the_bias_is_unknown_in_serving(shop: Shop) -> None:
    assert encode(shop.connection, shop.encoding, shop.asked).bias.shape[1] == 2
    unseen = replace(alone(shop.asked, 0), positions=None)
    assert encode(shop.connection, shop.encoding, unseen).bias.shape == (3, 0)


def test_items_stand_once_for_each_state(shop: Shop) -> None:
    minutes = [("ann", "home", -4.5 + n / 60, ["red-dress", "blue-cup"]) for n in range(20)]
    inputs = encode(shop.connection, shop.encoding, asked_of(labelled(shop.connection, minutes)))
    assert len(inputs) == 40
    assert len(inputs.items) == 2


def test_what_is_loaded_encodes_the_same(shop: Shop) -> None:
    content = shop.encoding.save()
    loaded = load_encoding(content)
    assert loaded.save() == content
    assert loaded.layout == shop.encoding.layout
    assert same(
        encode(shop.connection, loaded, shop.asked),
        encode(shop.connection, shop.encoding, shop.asked),
    )


def test_words_have_the_same_number_in_every_process() -> None:
    code = "from ranking.features.hashing import token_of; print(token_of('Dress'))"
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert told == {f"{token_of('Dress')}\n"}


def test_codes_stay_within_their_tables(shop: Shop) -> None:
    inputs, layout = encode(shop.connection, shop.encoding, shop.asked), shop.encoding.layout
    for side in ("asks", "items", "pairs"):
        columns, told = getattr(inputs, side), getattr(layout, side)
        assert columns.ones.shape[1] == len(told.ones)
        assert columns.numbers.shape[1] == len(told.numbers)
        for number, field in enumerate(told.ones):
            assert columns.ones[:, number].max(initial=0) < field.size
        for bag, field in zip(columns.bags, told.bags, strict=True):
            assert bag.max(initial=0) < field.size
        for past, one in zip(columns.pasts, told.pasts, strict=True):
            assert past.shape[1:] == (one.length, len(one.fields))
            assert all(past[..., n].max() < f.size for n, f in enumerate(one.fields))
    assert ids(shop.connection, "item")["red-dress"] == 1
