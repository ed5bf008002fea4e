from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import Spec
from graph.columns import sync_columns
from graph.tables import item
from tests.checksums import _checksum, checksums
from tests.tiny import NOON, load, open_tiny, rows
from weft.aside import database_aside
from weft.facts import copy_facts, facts, one_snapshot
from weft.marks import read_marks
from weft.queries import MARKS
from weft.running import Quiet
from weft.tables import event, event_day, watermark

HOURS = {"all": 24, "half": -2.5}


@pytest.fixture
def tiny(engine: Engine, tmp_path: Path) -> Spec:
    return open_tiny(engine, tmp_path)


@pytest.fixture
def aside(engine: Engine, tiny: Spec) -> Iterator[Engine]:
    with database_aside(engine) as made:
        with made.begin() as connection:
            sync_columns(connection, tiny.catalog)
        yield made


def copied(engine: Engine, aside: Engine, hours: float) -> None:
    with one_snapshot(engine) as source:
        copy_facts(source, aside, NOON + timedelta(hours=hours), lambda _: None)


def scalar(engine: Engine, statement: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(statement)).scalar()


def test_every_table_of_facts_is_copied_once() -> None:
    tables = facts()
    assert len(tables) == len(set(tables))
    assert {event, event_day, item, watermark} <= set(tables)
    assert {table.schema for table in tables} == {None, "weft"}


def test_a_copy_of_everything_is_equal(engine: Engine, aside: Engine) -> None:
    copied(engine, aside, HOURS["all"])
    for table in facts():
        schema = table.schema or "public"
        assert _checksum(aside, schema, table.name) == _checksum(engine, schema, table.name), table


def test_generated_columns_and_partitions_survive(engine: Engine, aside: Engine) -> None:
    copied(engine, aside, HOURS["all"])
    assert scalar(aside, "SELECT city FROM item WHERE key = 'red-dress'") == "Paris"
    days = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'event'::regclass"
    assert scalar(aside, days) == scalar(engine, days)
    assert scalar(aside, "SELECT count(*) FROM pg_indexes WHERE indexname = 'item_by_city'") == 1


def test_what_came_later_is_not_copied(engine: Engine, aside: Engine, tiny: Spec) -> None:
    copied(engine, aside, HOURS["half"])
    newest = scalar(aside, "SELECT max(time) FROM event")
    assert newest == NOON - timedelta(hours=3)
    assert scalar(aside, "SELECT count(*) FROM event") == 3
    assert scalar(aside, "SELECT sum(rows) FROM event_day") == 3
    assert scalar(aside, "SELECT count(*) FROM item") == scalar(engine, "SELECT count(*) FROM item")


def test_arrivals_have_no_gaps_and_events_can_be_added(
    engine: Engine, aside: Engine, tiny: Spec
) -> None:
    late = [{"id": "late", "kind": "click", "person": "cat", "item": "blue-cup", "scene": "home"}]
    early = {"time": (NOON - timedelta(hours=4)).isoformat()}
    with engine.begin() as connection:
        load(connection, tiny, "event", [late[0] | early])  # came last, but happened before
    copied(engine, aside, HOURS["half"])
    numbers = "SELECT array_agg(arrival ORDER BY arrival) FROM event"
    assert scalar(aside, numbers) == [1, 2, 3, 4]
    with aside.begin() as connection:
        assert load(connection, tiny, "event", rows("event")).added == 3
    assert scalar(aside, numbers) == [1, 2, 3, 4, 5, 6, 7]


def test_marks_are_those_of_the_facts_that_were_copied(engine: Engine, aside: Engine) -> None:
    copied(engine, aside, HOURS["all"])
    with engine.connect() as one, aside.connect() as other:
        assert read_marks(one) == read_marks(other)
        assert set(one.execute(MARKS)) == set(other.execute(MARKS))


def test_a_build_of_the_copy_is_a_build_of_the_original(
    engine: Engine, aside: Engine, tiny: Spec
) -> None:
    copied(engine, aside, HOURS["all"])
    apply_spec(aside, tiny, Quiet())
    apply_spec(engine, tiny, Quiet())
    assert checksums(aside) == checksums(engine)


def test_the_snapshot_writes_nothing(engine: Engine, tiny: Spec) -> None:
    with one_snapshot(engine) as source, pytest.raises(Exception, match="read-only"):
        source.execute(text("DELETE FROM event"))
