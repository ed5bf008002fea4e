import pytest

from graph.taxonomy.edits import AddLabel, Create, Merge, Move, NewLabel, Relate, Retire
from graph.taxonomy.tags import follow
from tests.graph.taxonomy.desk import Desk
from weft.errors import BadRequest


def test_labels_children_and_items_move(desk: Desk) -> None:
    change = desk.edit(Merge("dress", 1, "skirt"))
    assert change.labels == {"dress", "连衣裙"}
    assert desk.labels("skirt") == {
        ("en", "preferred", "Skirt"),
        ("en", "synonym", "Dress"),
        ("zh", "synonym", "连衣裙"),
    }
    assert desk.tag("gown").parents == ("skirt",)
    assert desk.believed("dress") == {"skirt", "wear"}
    assert desk.believed("gown") == {"gown", "skirt", "wear"}
    assert desk.labels("dress") == set()
    assert (desk.at("dress"), desk.at("skirt")) == (2, 2)


def test_merge_redirects_old_tag(desk: Desk) -> None:
    desk.edit(Merge("gown", 1, "dress"))
    with desk.engine.connect() as connection:
        assert follow(connection, "gown").key == "dress"
    for what in (Move("gown", 2, ()), Merge("gown", 2, "cup"), Merge("cup", 1, "gown")):
        with pytest.raises(BadRequest, match="gown was merged into dress"):
            desk.edit(what)


def test_chains_are_compressed(desk: Desk) -> None:
    for n, (key, into) in enumerate([("gown", "dress"), ("dress", "skirt"), ("skirt", "cup")]):
        desk.edit(Merge(key, desk.at(key), into))
        assert {desk.tag(old).redirect for old in ("gown", "dress", "skirt")[: n + 1]} == {into}
    assert all(desk.believed(item) == {"cup"} for item in ("gown", "dress", "skirt"))


def test_what_is_related_moves_too(desk: Desk) -> None:
    desk.edit(Relate("dress", 1, "cup"))
    desk.edit(Relate("dress", 2, "skirt"))
    desk.edit(Merge("dress", 3, "skirt"))
    assert desk.tag("skirt").related == ("cup",)
    assert desk.tag("cup").related == ("skirt",)
    assert desk.tag("dress").related == ()


def test_what_is_related_to_a_parent_stays_there(desk: Desk) -> None:
    desk.edit(Relate("gown", 1, "cup"))
    desk.edit(Relate("cup", 2, "acme"))
    desk.edit(Merge("cup", 3, "skirt"))
    assert desk.tag("gown").related == ("skirt",)
    assert desk.tag("skirt").related == ("acme", "gown")


def test_a_parent_may_become_its_child(desk: Desk) -> None:
    desk.edit(Merge("dress", 1, "gown"))
    assert desk.tag("gown").parents == ("wear",)
    assert desk.believed("gown") == {"gown", "wear"}


def test_a_grandparent_may_not_where_that_closes_a_circle(desk: Desk) -> None:
    with pytest.raises(BadRequest, match="a circle: dress → gown → dress"):
        desk.edit(Merge("wear", 1, "gown"))


def test_a_grandchild_may_become_its_grandparent(desk: Desk) -> None:
    desk.edit(Merge("gown", 1, "wear"))
    assert desk.believed("gown") == {"wear"}


def test_a_label_that_both_have_stays_as_the_target_has_it(desk: Desk) -> None:
    desk.edit(AddLabel("dress", 1, NewLabel("en", "Gown", "hidden")))
    desk.edit(Merge("gown", 1, "dress"))
    assert ("en", "hidden", "Gown") in desk.labels("dress")
    assert ("en", "synonym", "Gown") not in desk.labels("dress")


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        ([("gown", True), ("dress", False)], True),
        ([("gown", False), ("dress", True)], True),
        ([("gown", True), ("dress", True)], False),
        ([("gown", True)], False),
        ([("dress", True)], True),
        ([("gown", False)], True),
    ],
)
def test_decisions_of_both_sides_are_reconciled(
    desk: Desk, said: list[tuple[str, bool]], believed: bool
) -> None:
    """Item `gown` has the tag gown by its catalogue; it is a dress then, unless nobody says so."""
    for tag, denied in said:
        (desk.unassign if denied else desk.assign)("gown", tag)
    desk.edit(Merge("gown", 1, "dress"))
    assert ("dress" in desk.believed("gown")) is believed


def test_a_merge_is_one_row_of_history_for_both(desk: Desk) -> None:
    desk.edit(Merge("gown", 1, "dress"))
    (merge,) = [row for row in desk.history("dress") if row.verb == "merge"]
    assert merge == desk.history("gown")[0]
    assert (merge.tag, merge.other, merge.revision) == ("gown", "dress", 2)
    assert merge.before["into"]["revision"] == 1
    assert merge.after["into"]["revision"] == 2
    assert merge.after["redirect"] == "dress"
    assert merge.before["labels"] != []


def test_a_target_that_is_retired_later_keeps_its_redirects(desk: Desk) -> None:
    desk.edit(Merge("gown", 1, "dress"))
    desk.edit(Retire("dress", 2))
    assert desk.tag("gown").redirect == "dress"
    assert desk.believed("gown") == set()


def test_a_merged_key_is_taken_for_ever(desk: Desk) -> None:
    desk.edit(Merge("gown", 1, "dress"))
    with pytest.raises(Exception, match="there is a tag 'gown' already"):
        desk.edit(Create("gown", "category"))
