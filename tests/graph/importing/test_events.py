from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from graph.catalog import Catalog
from graph.importing.declared import Declared
from tests.graph.shop import Shop, click, counts, item
from weft.events import Events
from weft.marks import read_marks


@pytest.fixture
def open_shop(shop: Shop) -> Shop:
    shop.rows("item", item("a"), item("b"))
    return shop


def test_events_are_stored_with_ids_in_their_day(open_shop: Shop) -> None:
    late = click(2, time="2026-05-02 07:59:59", item="b", scene="home", position=3, trace="t")
    assert counts(open_shop.load("event", [click(1), late])) == (2, 2, 0, 0, 0)
    found = open_shop.ask("SELECT id, person, item, scene, position, trace FROM event ORDER BY id")
    assert found == [("e1", 1, 1, None, None, None), ("e2", 1, 2, "home", 3, "t")]
    assert open_shop.ask("SELECT count(*) FROM event_20260501") == [2]


def test_the_same_file_again_changes_nothing(open_shop: Shop) -> None:
    rows = [click(n) for n in range(3_000)]
    assert counts(open_shop.load("event", rows)) == (3_000, 3_000, 0, 0, 0)
    before = open_shop.ask("SELECT day, rows FROM event_day")
    assert counts(open_shop.load("event", rows)) == (3_000, 0, 0, 3_000, 0)
    assert before == open_shop.ask("SELECT day, rows FROM event_day") == [(date(2026, 5, 1), 3_000)]


def test_new_events_among_old_ones_are_added(open_shop: Shop) -> None:
    open_shop.load("event", [click(n) for n in range(3_000)])
    mixed = [click(n) for n in range(2_000, 6_000)]
    assert counts(open_shop.load("event", mixed)) == (4_000, 3_000, 0, 1_000, 0)
    assert open_shop.ask("SELECT sum(rows)::int, count(*) FROM event_day") == [(6_000, 1)]


def test_the_same_event_twice_in_a_file_counts_once(open_shop: Shop) -> None:
    assert counts(open_shop.load("event", [click(1), click(1), click(2)])) == (3, 2, 0, 1, 0)


def test_an_event_without_id_has_one_that_follows_from_it(open_shop: Shop) -> None:
    rows = [click(1, id=None), click(2, id=""), {**click(1), "id": None, "position": 1}]
    assert counts(open_shop.load("event", rows)) == (3, 3, 0, 0, 0)
    assert counts(open_shop.load("event", rows)) == (3, 0, 0, 3, 0)


def test_unknown_persons_are_made_in_the_order_they_come(open_shop: Shop) -> None:
    rows = [click(1, person="zoe"), click(2, person="bob"), click(3, person="zoe")]
    assert open_shop.load("event", rows).outcome.new_persons == 2
    assert open_shop.ask("SELECT id, key FROM person ORDER BY id") == [(1, "zoe"), (2, "bob")]


def test_a_person_named_only_by_refused_events_is_not_made(open_shop: Shop) -> None:
    open_shop.load("event", [click(1, person="zoe", item="nothing")])
    assert open_shop.ask("SELECT count(*) FROM person") == [0]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"kind": "clik"}, "kind", "there are click"),
        ({"item": "zzz"}, "item", "no item has the key 'zzz'"),
        ({"item": None}, "item", "is missing"),
        ({"person": " "}, "person", "is missing"),
        ({"time": None}, "time", "is missing"),
        ({"time": "1999-12-31T23:59:59Z"}, "time", "before 2000"),
        ({"time": (datetime.now(UTC) + timedelta(days=2)).isoformat()}, "time", "future"),
        ({"kind": "search", "item": None}, "keyword", "is missing"),
        ({"position": -1}, "position", "whole number"),
        ({"position": 1.5}, "position", "whole number"),
        ({"keyword": "x" * 1_001}, "keyword", "longer than 1,000"),
    ],
)
def test_a_bad_event_is_refused_with_its_reason(
    open_shop: Shop, cells: dict[str, Any], column: str, reason: str
) -> None:
    assert counts(open_shop.load("event", [click(1), click(2, **cells)])) == (2, 1, 0, 0, 1)
    (reject,) = open_shop.rejects()
    assert (reject["line"], reject["column"]) == (2, column)
    assert reason in reject["reason"]


def test_a_search_keeps_its_keyword_as_it_was_typed(open_shop: Shop) -> None:
    search = {"kind": "search", "item": None, "keyword": "  Nike  Air "}
    open_shop.load("event", [click(1, **search)])
    assert open_shop.ask("SELECT keyword, item FROM event") == [("Nike  Air", None)]


def test_declared_kinds_are_taken(engine: Any, tmp_path: Any) -> None:
    kinds = {"kinds": {"bid": {}, "visit": {"item": False}}}
    declared = Declared(Catalog(), Events.model_validate(kinds))
    shop = Shop(engine, tmp_path, declared)
    shop.rows("item", item("a"))
    rows = [click(1, kind="bid"), click(2, kind="visit", item=None)]
    assert counts(shop.load("event", rows)) == (2, 2, 0, 0, 0)


def test_marks_count_what_was_added(open_shop: Shop) -> None:
    open_shop.load("event", [click(1), click(2, item="zzz")])
    open_shop.load("event", [click(1), click(3)])
    with open_shop.engine.connect() as connection:
        marks = read_marks(connection)
    assert marks.pop("moment") > 0
    assert marks == {"event": 2, "item": 2, "person": 1, "tag": 0, "item_tag": 0, "judgement": 0}


def test_events_are_numbered_within_their_day_as_they_come(open_shop: Shop) -> None:
    open_shop.load("event", [click(1), click(2)])
    open_shop.load("event", [click(2), click(3, time="2026-05-02T10:00:00Z"), click(4)])
    open_shop.load("event", [click(n) for n in range(1_500)])
    numbered = open_shop.ask("""
        SELECT count(*)::int, count(DISTINCT arrival)::int, min(arrival), max(arrival), rows::int
        FROM event JOIN event_day ON day = (time AT TIME ZONE 'UTC')::date
        GROUP BY day, rows ORDER BY day
    """)
    assert len(numbered) == 2
    assert all(
        n == distinct == last == rows and first == 1 for n, distinct, first, last, rows in numbered
    )
