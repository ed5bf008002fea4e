"""A stranger who says what somebody known has done is read as that one is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, Engine

from ranking.features.asked import Asked, asked
from ranking.features.encoding import Encoding
from ranking.features.rows import encode, read
from ranking.features.spec import Past
from ranking.features.values import codes_of, steps_of
from recall.candidates import SILENT, Deed, Said
from tests.ranking.features.shop import fitted, ids, open_shop
from tests.tiny import NOON

DEEDS = (("red-dress", "click", -5.0), ("blue-dress", "click", -4.0))  # what ann did


@dataclass(frozen=True)
class Shop:
    connection: Connection
    encoding: Encoding
    items: dict[str, int]
    persons: dict[str, int]

    def asked(self, person: str | None, said: Said = SILENT) -> Asked:
        number = None if person is None else self.persons[person]
        return asked(number, "home", NOON, sorted(self.items.values()), said)

    def deeds(self, *deeds: tuple[str, str, float]) -> tuple[Deed, ...]:
        return tuple(
            Deed(self.items[item], kind, (NOON + timedelta(hours=hours)).timestamp())
            for item, kind, hours in deeds
        )

    def past(self, asked: Asked, **changed: object) -> list[list[int]]:
        """Give the items of the steps that are read."""
        feature = self.encoding.features["past"]
        assert isinstance(feature, Past)
        features = {**self.encoding.features, "past": feature.model_copy(update=changed)}
        encoding = Encoding(**{**vars(self.encoding), "features": features})
        steps = read(self.connection, encoding, asked).steps["past"].items
        return [[int(item) for item in row if item >= 0] for row in steps]


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Iterator[Shop]:
    spec = open_shop(engine, tmp_path)
    with engine.begin() as connection:
        encoding, _ = fitted(connection, spec)
        yield Shop(connection, encoding, ids(connection, "item"), ids(connection, "person"))


def test_a_stranger_is_read_as_the_one_whose_words_and_deeds_they_send(shop: Shop) -> None:
    known = read(shop.connection, shop.encoding, shop.asked("ann"))
    said = Said({"city": "Paris"}, shop.deeds(*DEEDS))
    stranger = read(shop.connection, shop.encoding, shop.asked(None, said))
    for name in ("city", "scene", "hour", "fits"):
        both = [codes_of(shop.encoding, facts, name) for facts in (known, stranger)]
        assert both[0].tolist() == both[1].tolist(), name
    steps = [steps_of(shop.encoding, facts, "past") for facts in (known, stranger)]
    assert (steps[0] > 0).any()
    assert np.array_equal(*steps)


def test_what_is_sent_twice_is_known_once(shop: Shop) -> None:
    silent = shop.past(shop.asked("ann"))
    assert shop.past(shop.asked("ann", Said({}, shop.deeds(*DEEDS)))) == silent
    later = shop.deeds(("blue-dress", "click", -3.9), ("new-cup", "click", -0.1))
    names = [shop.items[key] for key in ("red-dress", "blue-dress", "new-cup")]
    assert shop.past(shop.asked("ann", Said({}, later))) == [names]
    again = shop.deeds(("blue-dress", "click", -0.1))
    assert shop.past(shop.asked("ann", Said({}, again))) == [[*names[:2], names[1]]]


def test_only_the_last_deeds_of_the_kinds_of_a_past_count(shop: Shop) -> None:
    many = shop.deeds(
        ("new-cup", "click", -3), ("blue-cup", "click", -2), ("red-dress", "expose", -1),
        ("old-dress", "click", -0.5), ("red-dress", "purchase", -0.2),
    )  # fmt: skip
    wanted = [shop.items[key] for key in ("blue-cup", "old-dress", "red-dress")]
    assert shop.past(shop.asked(None, Said({}, many))) == [wanted]
    assert shop.past(shop.asked("ann", Said({}, many))) == [wanted]


def test_a_delay_holds_for_what_is_stored_alone(shop: Shop) -> None:
    delay = timedelta(hours=4, minutes=30)
    assert shop.past(shop.asked("ann"), delay=delay) == [[shop.items["red-dress"]]]
    sent = Said({}, shop.deeds(("new-cup", "click", -0.1)))
    wanted = [shop.items[key] for key in ("red-dress", "new-cup")]
    assert shop.past(shop.asked("ann", sent), delay=delay) == [wanted]


def test_what_is_said_of_a_person_counts_before_what_is_stored(shop: Shop) -> None:
    def city(person: str | None, **said: object) -> int:
        facts = read(shop.connection, shop.encoding, shop.asked(person, Said(said)))
        return int(codes_of(shop.encoding, facts, "city")[0])

    assert city("ann") == city(None, city="Paris") == city("bob", city="Paris")
    assert city("ann", city="Rome") == city("bob")
    assert city("ann", city=None) == city(None), "not known is as for a stranger"
    assert len({city("ann"), city("bob"), city(None)}) == 3


def test_a_request_that_says_something_is_encoded_whole(shop: Shop) -> None:
    said = Said({"city": "Paris"}, shop.deeds(*DEEDS))
    inputs = encode(shop.connection, shop.encoding, shop.asked(None, said))
    assert len(inputs.ask) == len(shop.items)
