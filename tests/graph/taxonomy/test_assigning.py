import pytest

from graph.taxonomy.beliefs import Precedence, refresh_items
from graph.taxonomy.edits import Merge, Retire
from tests.graph.taxonomy.desk import ITEMS, Desk
from weft.errors import BadRequest, NotFound


def refresh(desk: Desk, precedence: Precedence) -> None:
    with desk.engine.begin() as connection:
        refresh_items(connection, desk.ask("SELECT id FROM item"), precedence)


def test_humans_are_believed_before_the_catalogue(desk: Desk) -> None:
    desk.unassign("cup", "cup")
    assert desk.believed("cup") == set()
    desk.assign("cup", "cup")
    assert desk.believed("cup") == {"cup"}
    desk.assign("cup", "gown")
    assert desk.believed("cup") == {"cup", "gown", "dress", "wear"}


def test_what_was_said_of_an_item_is_history(desk: Desk) -> None:
    number = desk.unassign("cup", "cup")
    row = desk.history("cup")[0]
    assert (row.id, row.verb, row.item, row.tag, row.author) == (
        number, "unassign", "cup", "cup", "ann",
    )  # fmt: skip
    assert row.before == {"catalog": {"denied": False, "confidence": 1}}
    assert row.after["human"] == {"denied": True, "confidence": 1}
    assert desk.at("cup") == 1


def test_a_merged_key_means_its_target(desk: Desk) -> None:
    desk.edit(Merge("gown", 1, "dress"))
    desk.assign("cup", "gown")
    assert desk.believed("cup") == {"cup", "dress", "wear"}


def test_retired_and_unknown_ones_are_refused(desk: Desk) -> None:
    desk.edit(Retire("gown", 1))
    with pytest.raises(BadRequest, match="gown is retired"):
        desk.assign("cup", "gown")
    with pytest.raises(NotFound, match="no item 'x'"):
        desk.assign("x", "cup")
    with pytest.raises(NotFound, match="no tag 'x'"):
        desk.unassign("cup", "x")


def test_the_first_source_that_speaks_decides(desk: Desk) -> None:
    desk.say("cup", "gown", "image")
    desk.say("cup", "gown", "ner", denied=True)
    refresh(desk, Precedence(("ner", "image")))
    assert desk.believed("cup") == {"cup"}
    refresh(desk, Precedence(("image", "ner")))
    assert "gown" in desk.believed("cup")


def test_sources_without_a_place_come_last(desk: Desk) -> None:
    desk.say("cup", "gown", "aliens", denied=True)
    desk.say("cup", "gown", "image")
    refresh(desk, Precedence())
    assert "gown" in desk.believed("cup")


def test_the_same_items_again_change_nothing(desk: Desk) -> None:
    desk.unassign("cup", "cup")
    desk.edit(Retire("skirt", 1))
    outcome = desk.load("item", ITEMS)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 0, 4)
    assert desk.believed("cup") == desk.believed("skirt") == set()


def test_a_changed_item_keeps_what_humans_said(desk: Desk) -> None:
    desk.unassign("cup", "cup")
    desk.load("item", [{"key": "cup", "title": "A cup", "category": "cup"}])
    assert desk.believed("cup") == set()
    desk.load("item", [{"key": "cup", "title": "A cup", "category": "gown"}])
    assert desk.believed("cup") == {"gown", "dress", "wear"}
