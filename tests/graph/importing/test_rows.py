from datetime import UTC, datetime

import pytest

from graph.importing.rows import load_rows
from tests.graph.shop import Shop, click, item
from weft.errors import BadRequest


def test_rows_of_a_program_are_loaded_in_the_caller_s_transaction(shop: Shop) -> None:
    assert shop.rows("item", item("a"), item("b", category="c")).added == 2
    outcome = shop.rows("event", click(1), click(2, time=datetime.now(UTC)), click(1))
    assert (outcome.read, outcome.added, outcome.unchanged) == (3, 2, 1)
    assert outcome.new_persons == 1
    assert shop.rows("tag", {"key": "c", "facet": "category", "en": "C"}).changed == 1
    assert shop.rows("person", {"key": "ann", "city": "x"}).changed == 1


def test_rejects_name_the_row_by_its_index(shop: Shop) -> None:
    shop.rows("item", item("a"))
    outcome = shop.rows("event", click(1), click(2, kind="?"), click(3, person="\ud800"))
    assert outcome.added == 1
    assert {(reject.line, reject.column) for reject in outcome.rejects} == {
        (1, "kind"),
        (2, "person"),
    }


def test_what_the_caller_rolls_back_is_gone(shop: Shop) -> None:
    with shop.engine.connect() as connection:
        load_rows(connection, "item", [item("a")], shop.declared)
        connection.rollback()
    assert shop.ask("SELECT count(*) FROM item") == [0]


def test_no_rows_are_no_work(shop: Shop) -> None:
    for subject in ("item", "person", "event", "tag"):
        assert shop.rows(subject).read == 0


def test_an_unknown_subject_names_the_choices(shop: Shop) -> None:
    with pytest.raises(BadRequest, match="there are item"):
        shop.rows("items", item("a"))
