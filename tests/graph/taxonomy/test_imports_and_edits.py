"""Files and analysts change the same taxonomy."""

from graph.taxonomy.edits import Create, Merge, Move, NewLabel, Rename, Retire
from tests.graph.taxonomy.desk import ITEMS, TAGS, Desk


def counts(outcome):
    return outcome.added, outcome.changed, outcome.unchanged, outcome.rejected


def test_only_tags_that_differ_get_history(desk: Desk) -> None:
    assert {(row.verb, row.author, row.revision) for row in desk.history()} == {
        ("import", "import", 1)
    }
    assert len(desk.history()) == len(TAGS)
    assert counts(desk.load("tag", TAGS)) == (0, 0, 6, 0)
    assert len(desk.history()) == len(TAGS)
    desk.load("tag", [{**TAGS[4], "en": "Mug"}])
    (row, first) = desk.history("cup")
    assert (row.revision, row.reason) == (2, "import of rows")
    assert row.before["labels"] == [{"language": "en", "kind": "preferred", "text": "Cup"}]
    assert row.after == desk.tag("cup").plain()
    assert (first.before, first.after) == (None, row.before)


def test_tags_that_items_name_first_have_history(desk: Desk) -> None:
    desk.load("item", [{"key": "hat", "title": "hat", "category": "hats"}])
    (row,) = desk.history("hats")
    assert (row.verb, row.before, row.after["key"]) == ("import", None, "hats")


def test_a_file_says_labels_and_parents_anew(desk: Desk) -> None:
    desk.edit(Rename("dress", 1, "en", "Frock"))
    desk.edit(Move("dress", 2, ()))
    assert counts(desk.load("tag", TAGS)) == (0, 1, 5, 0)
    assert ("en", "preferred", "Dress") in desk.labels("dress")
    assert desk.tag("dress").parents == ("wear",)
    assert desk.believed("gown") == {"gown", "dress", "wear"}
    assert [row.verb for row in desk.history("dress")] == ["import", "move", "rename", "import"]


def test_a_file_leaves_other_tags_alone(desk: Desk) -> None:
    desk.edit(Create("hat", "category", (NewLabel("en", "Hat"),), ("wear",)))
    desk.load("tag", TAGS)
    assert desk.tag("hat").parents == ("wear",)


def test_a_file_undoes_no_merge(desk: Desk) -> None:
    desk.edit(Merge("dress", 1, "skirt"))
    before = desk.labels("skirt"), desk.tag("gown").parents
    assert counts(desk.load("tag", TAGS)) == (0, 0, 6, 0)
    assert (desk.labels("skirt"), desk.tag("gown").parents) == before
    assert desk.tag("dress").redirect == "skirt"


def test_a_merge_of_parent_and_child_survives_the_file(desk: Desk) -> None:
    desk.edit(Merge("gown", 1, "dress"))
    assert counts(desk.load("tag", TAGS)) == (0, 0, 6, 0)
    assert desk.tag("dress").parents == ("wear",)


def test_a_file_undoes_no_retirement(desk: Desk) -> None:
    desk.edit(Retire("gown", 1))
    desk.edit(Move("dress", 1, ()))
    desk.edit(Retire("dress", 2))
    assert counts(desk.load("tag", TAGS)) == (0, 0, 6, 0)
    assert desk.tag("gown").retired
    assert desk.believed("gown") == set()


def test_nothing_is_put_under_a_retired_tag(desk: Desk) -> None:
    desk.edit(Move("gown", 1, ()))
    desk.edit(Retire("dress", 1))
    assert counts(desk.load("tag", TAGS)) == (0, 0, 6, 0)
    assert desk.tag("gown").parents == ()


def test_items_that_name_a_merged_tag_get_the_target(desk: Desk) -> None:
    desk.edit(Merge("gown", 1, "dress"))
    assert counts(desk.load("item", ITEMS)) == (0, 0, 4, 0)
    desk.load("item", [{"key": "new", "title": "new", "category": "gown"}])
    assert desk.believed("new") == {"dress", "wear"}


def test_items_that_name_a_retired_tag_are_not_believed(desk: Desk) -> None:
    desk.edit(Retire("gown", 1))
    new = {"key": "new", "title": "new", "category": "gown"}
    assert counts(desk.load("item", [new])) == (1, 0, 0, 0)
    assert counts(desk.load("item", [new])) == (0, 0, 1, 0)
    assert desk.believed("new") == set()
