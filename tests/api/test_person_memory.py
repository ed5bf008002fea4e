"""Persons are remembered by a process until something is stored of them."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from api.spec import Spec
from recall.persons import Persons
from recall.planning.memory import memory_behind
from tests.api.shop import Face, open_face, release
from tests.api.test_experiments import keys, page
from tests.tiny import load, open_tiny

STATE = '{ personState(person: "ann") { recent { kind item { key } } } }'


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Spec:
    spec = open_tiny(engine, tmp_path)
    release(engine, spec)
    return spec


@pytest.fixture
def face(engine: Engine, shop: Spec) -> Iterator[Face]:
    with open_face(engine, shop, "writer") as face:
        until(lambda: memory(face).listening)
        yield face


def memory(face: Face) -> Persons:
    return memory_behind(face.service.databases.recalling.pool).persons


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def number(engine: Engine, key: str = "ann") -> int:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id FROM person WHERE key = :key"), {"key": key})
        return int(found.scalar_one())


def click(item: str, ahead: float = 0.0) -> dict[str, Any]:
    when = datetime.now(UTC) + timedelta(seconds=ahead)
    return {"id": f"c-{item}", "kind": "click", "person": "ann", "item": item,
            "time": when.isoformat()}  # fmt: skip


def recent(face: Face) -> list[str]:
    return [deed["item"]["key"] for deed in face.ask(STATE)["personState"]["recent"]]


def remembers(face: Face, engine: Engine) -> bool:
    kinds = face.service.serving.spec.events.positive
    return memory(face).find(number(engine), ("history", *kinds)) is not None


def test_a_person_is_read_once_until_another_process_stores_something(
    engine: Engine, shop: Spec, face: Face
) -> None:
    page(face, person="ann")
    assert remembers(face, engine)
    before = recent(face)
    with engine.begin() as connection:  # behind its back: no notice tells of it
        connection.execute(text("DELETE FROM event WHERE person = :n"), {"n": number(engine)})
    assert recent(face) == before
    with engine.begin() as connection:
        load(connection, shop, "event", [click("red-dress")])
    until(lambda: not remembers(face, engine))
    assert recent(face) == ["red-dress"]
    assert page(face, person="ann") is not None
    assert remembers(face, engine)


def test_other_persons_stay_remembered(engine: Engine, shop: Spec, face: Face) -> None:
    with engine.begin() as connection:
        load(connection, shop, "person", [{"key": "bob"}])
    page(face, person="ann")
    before = memory(face).notices
    with engine.begin() as connection:
        load(connection, shop, "event", [{**click("red-dress"), "person": "bob"}])
    until(lambda: memory(face).notices > before)
    assert remembers(face, engine)


def test_what_is_said_of_a_person_is_read_anew(engine: Engine, shop: Spec, face: Face) -> None:
    page(face, person="ann")
    with engine.begin() as connection:
        load(connection, shop, "person", [{"key": "ann", "city": "Rome"}])
    until(lambda: not remembers(face, engine))


def test_nothing_is_remembered_that_a_lost_notice_may_tell_of(
    engine: Engine, shop: Spec, face: Face
) -> None:
    page(face, person="ann")
    before = memory(face).notices
    with engine.begin() as connection:
        ended = connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                 "WHERE query ILIKE 'LISTEN weft' AND datname = current_database()")
        ).all()  # fmt: skip
        load(connection, shop, "event", [click("red-dress")])
    assert ended == [(True,)]
    until(lambda: memory(face).notices >= before + 2)
    assert memory(face).listening
    assert recent(face)[0] == "red-dress"


def test_an_event_that_is_dated_ahead_counts_when_its_time_has_come(
    engine: Engine, shop: Spec, face: Face
) -> None:
    before = recent(face)
    with engine.begin() as connection:
        load(connection, shop, "event", [click("red-dress", ahead=4)])
    page(face, person="ann")
    assert recent(face) == before
    until(lambda: recent(face) == ["red-dress", *before])


def test_pages_are_as_they_are_without_memory(engine: Engine, shop: Spec, face: Face) -> None:
    once = keys(page(face, person="ann"))
    again = keys(page(face, person="ann"))
    memory(face).forget_all()
    assert once == again == keys(page(face, person="ann"))


def test_what_was_read_before_a_notice_is_not_kept_after_it() -> None:
    persons = Persons(listening=True)
    asked = persons.notices
    persons.forget([7])
    persons.keep(7, "history", "old", asked)
    persons.keep(8, "history", "other", asked)
    assert persons.find(7, "history") is None
    assert persons.find(8, "history") == "other"
    persons.keep(7, "history", "new", persons.notices)
    assert persons.find(7, "history") == "new"
    asked = persons.notices
    persons.forget_all()
    persons.keep(8, "history", "old", asked)
    assert persons.find(8, "history") is None


def test_there_is_room_for_so_many() -> None:
    persons = Persons(listening=True)
    for person in range(20_000):
        persons.keep(person, "history", person, 0)
    assert len(persons.known.values) == 5_000
    assert Persons().find(1, "history") is None
