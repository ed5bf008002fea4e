"""Tags that have to do with each other."""

import pytest

from graph.taxonomy.edits import Merge, Relate, Rename, Retire, Unrelate
from tests.graph.taxonomy.desk import Desk
from weft.errors import BadRequest, Conflict


def test_each_is_related_to_the_other(desk: Desk) -> None:
    desk.edit(Relate("dress", 1, "acme"))
    assert desk.tag("dress").related == ("acme",)
    assert desk.tag("acme").related == ("dress",)
    assert (desk.at("dress"), desk.at("acme")) == (2, 2)
    assert desk.believed("dress") == {"dress", "wear"}  # items have nothing of it


def test_it_is_taken_back_from_either_side(desk: Desk) -> None:
    desk.edit(Relate("dress", 1, "acme"))
    desk.edit(Unrelate("acme", 2, "dress"))
    assert desk.tag("dress").related == desk.tag("acme").related == ()


def test_it_is_one_row_of_history_for_both(desk: Desk) -> None:
    desk.edit(Relate("dress", 1, "acme"))
    row = desk.history("acme")[0]
    assert row == desk.history("dress")[0]
    assert (row.verb, row.tag, row.other) == ("relate", "dress", "acme")
    assert (row.before["related"], row.after["related"]) == ([], ["acme"])
    assert (row.before["other"]["related"], row.after["other"]["related"]) == ([], ["dress"])


def test_who_edits_the_other_tag_meanwhile_is_told(desk: Desk) -> None:
    desk.edit(Relate("dress", 1, "acme"))
    with pytest.raises(Conflict) as told:
        desk.edit(Rename("acme", 1, "en", "Acme & Co"))
    (change,) = told.value.sides["theirs"]["changes"]
    assert change["verb"] == "relate"


def test_a_retired_tag_is_let_go(desk: Desk) -> None:
    desk.edit(Relate("cup", 1, "acme"))
    desk.edit(Retire("acme", 2))
    desk.edit(Unrelate("cup", 2, "acme"))
    assert desk.tag("cup").related == ()


def test_refusals(desk: Desk) -> None:
    desk.edit(Relate("dress", 1, "acme"))
    desk.edit(Merge("gown", 1, "skirt"))
    desk.edit(Retire("cup", 1))
    for what, says in (
        (Relate("dress", 2, "acme"), "dress is like that already"),
        (Unrelate("dress", 2, "skirt"), "dress is like that already"),
        (Relate("dress", 2, "dress"), "related to itself"),
        (Relate("dress", 2, "gown"), "gown was merged into skirt"),
        (Relate("dress", 2, "cup"), "cup is retired"),
    ):
        with pytest.raises(BadRequest, match=says):
            desk.edit(what)
