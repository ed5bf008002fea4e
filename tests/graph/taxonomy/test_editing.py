from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from graph.taxonomy.edits import (
    AddLabel,
    Author,
    Create,
    DropLabel,
    Edit,
    Merge,
    Move,
    NewLabel,
    Rename,
    Retire,
)
from nlp.normal import normal
from tests.graph.taxonomy.desk import Desk
from weft.errors import BadRequest, Conflict, NotFound, Unavailable
from weft.marks import read_marks


def test_create_makes_a_tag_with_labels_and_parents(desk: Desk) -> None:
    labels = (NewLabel("en", "Sari"), NewLabel("zh-tw", "紗麗", "synonym"))
    change = desk.edit(Create("sari", "category", labels, ("dress", "skirt")))
    assert change.before is None
    assert change.after == desk.tag("sari")
    assert change.labels == {"sari", normal("紗麗")}
    assert (change.after.revision, change.after.parents) == (1, ("dress", "skirt"))


def test_a_created_key_is_taken(desk: Desk) -> None:
    with pytest.raises(Conflict, match="there is a tag 'cup' already") as caught:
        desk.edit(Create("cup", "category"))
    assert caught.value.sides["theirs"]["now"]["key"] == "cup"


def test_rename_replaces_the_preferred_label_of_one_language(desk: Desk) -> None:
    change = desk.edit(Rename("dress", 1, "en", "Frock"))
    assert change.after.revision == 2
    assert desk.labels("dress") == {("en", "preferred", "Frock"), ("zh", "preferred", "连衣裙")}
    assert change.labels == {"dress", "frock"}


def test_a_synonym_may_become_the_name(desk: Desk) -> None:
    desk.edit(AddLabel("cup", 1, NewLabel("en", "Mug", "synonym")))
    desk.edit(Rename("cup", 2, "en", "Mug"))
    assert desk.labels("cup") == {("en", "preferred", "Mug")}


def test_labels_come_and_go(desk: Desk) -> None:
    hidden = NewLabel("en", "cupp", "hidden")
    assert desk.edit(AddLabel("cup", 1, hidden)).labels == {"cupp"}
    assert ("en", "hidden", "cupp") in desk.labels("cup")
    assert desk.edit(DropLabel("cup", 2, hidden)).labels == {"cupp"}
    assert desk.labels("cup") == {("en", "preferred", "Cup")}


def test_move_takes_the_items_along(desk: Desk) -> None:
    assert desk.believed("gown") == {"gown", "dress", "wear"}
    desk.edit(Move("dress", 1, ()))
    assert desk.believed("gown") == {"gown", "dress"}
    desk.edit(Move("gown", 1, ("skirt", "dress")))
    assert desk.believed("gown") == {"gown", "dress", "skirt", "wear"}


@pytest.mark.parametrize(
    ("key", "parents", "circle"),
    [
        ("wear", ("gown",), "wear → gown → dress → wear"),
        ("dress", ("dress",), "dress → dress"),
        ("dress", ("wear", "gown"), "dress → gown → dress"),
    ],
)
def test_circles_are_refused_by_name(
    desk: Desk, key: str, parents: tuple[str, ...], circle: str
) -> None:
    with pytest.raises(BadRequest, match=f"a circle: {circle}$"):
        desk.edit(Move(key, 1, parents))
    assert desk.at(key) == 1


def test_retire_takes_a_tag_out_of_use(desk: Desk) -> None:
    change = desk.edit(Retire("gown", 1))
    assert change.after.retired
    assert change.labels == {"gown", "gwon"}
    assert desk.believed("gown") == set()
    for what in (Rename("gown", 2, "en", "X"), Move("cup", 1, ("gown",)), Merge("cup", 1, "gown")):
        with pytest.raises(BadRequest, match="gown is retired"):
            desk.edit(what)


def test_what_stands_above_others_is_not_retired(desk: Desk) -> None:
    with pytest.raises(BadRequest, match="tags below it; move or retire them first: dress, skirt"):
        desk.edit(Retire("wear", 1))
    for key in ("gown", "dress", "skirt", "wear"):
        desk.edit(Retire(key, 1))
    assert desk.believed("skirt") == set()


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (Create("", "category"), "a key of 1 to 256"),
        (Create(" x", "category"), "a key of 1 to 256"),
        (Create("x\0", "category"), "a key of 1 to 256"),
        (Create("x", "Category"), "a facet is named"),
        (Create("x", "category", (NewLabel("english", "X"),)), "a language is a code"),
        (Create("x", "category", (NewLabel("en", "X"), NewLabel("en", "Y"))), "already; rename it"),
        (Create("x", "brand", (), ("cup",)), "cup is a category, x a brand"),
        (Rename("cup", 1, "en", "Cup"), "like that already"),
        (Rename("cup", 1, "EN", "Mug"), "a language is a code"),
        (Rename("cup", 1, "en", "x" * 257), "a label of 1 to 256"),
        (AddLabel("cup", 1, NewLabel("en", "Mug", "loud")), "no kind of label called 'loud'"),
        (AddLabel("cup", 1, NewLabel("en", "Cup", "hidden")), "already, as preferred"),
        (AddLabel("cup", 1, NewLabel("en", "\ud800", "hidden")), "a label of 1 to 256"),
        (DropLabel("cup", 1, NewLabel("en", "Mug")), r"it has Cup \(en, preferred\)"),
        (Move("cup", 1, ()), "like that already"),
        (Merge("cup", 1, "cup"), "into itself"),
        (Merge("cup", 1, "acme"), "cup is a category, acme a brand"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, what: Edit, says: str) -> None:
    with pytest.raises(BadRequest, match=says):
        desk.edit(what)
    assert len(desk.history("cup")) == 1


@pytest.mark.parametrize("what", [Rename("x", 1, "en", "X"), Move("cup", 1, ("x",))])
def test_unknown_tags_are_not_found(desk: Desk, what: Edit) -> None:
    with pytest.raises(NotFound, match="no tag 'x'"):
        desk.edit(what)


def test_a_reason_is_needed(desk: Desk) -> None:
    desk.author = Author("ann", "  ")
    with pytest.raises(BadRequest, match="a reason is needed"):
        desk.edit(Retire("cup", 1))
    with pytest.raises(BadRequest, match="a reason is needed"):
        desk.assign("cup", "cup")


def test_a_conflict_answers_with_both_sides(desk: Desk) -> None:
    desk.edit(Rename("cup", 1, "en", "Mug"))
    desk.author = Author("bob", "another reason")
    with pytest.raises(Conflict, match="cup is at revision 2, this is based on 1") as caught:
        desk.edit(Rename("cup", 1, "en", "Beaker"))
    sides = caught.value.sides
    assert sides["mine"] == {
        "verb": "rename", "key": "cup", "based_on": 1, "language": "en", "text": "Beaker",
    }  # fmt: skip
    assert sides["theirs"]["now"]["labels"] == [
        {"language": "en", "kind": "preferred", "text": "Mug"}
    ]
    (change,) = sides["theirs"]["changes"]
    assert (change["author"], change["verb"], change["revision"]) == ("ann", "rename", 2)


def test_a_merge_is_seen_by_who_edits_the_target(desk: Desk) -> None:
    desk.edit(Merge("gown", 1, "dress"))
    with pytest.raises(Conflict) as caught:
        desk.edit(Rename("dress", 1, "en", "Frock"))
    (change,) = caught.value.sides["theirs"]["changes"]
    assert change["verb"] == "merge"


def test_of_two_at_once_one_wins_and_the_other_hears_of_it(desk: Desk) -> None:
    ready = Barrier(8)

    def rename(number: int) -> object:
        ready.wait()
        try:
            return desk.edit(Rename("cup", 1, "en", f"Cup {number}")).after.revision
        except Conflict as conflict:
            return len(conflict.sides["theirs"]["changes"])

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(rename, range(8)))
    assert sorted(answers) == [1] * 7 + [2]
    assert len(desk.history("cup")) == 2


def test_two_moves_at_once_close_no_circle(desk: Desk) -> None:
    ready = Barrier(2)

    def move(pair: tuple[str, str]) -> bool:
        ready.wait()
        try:
            desk.edit(Move(pair[0], 1, (pair[1],)))
        except BadRequest:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(move, [("cup", "wear"), ("wear", "cup")])) == [False, True]


def test_an_edit_does_not_wait_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.locks.LONGEST_WAIT", "50ms")
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({0x77650002})")
        with pytest.raises(Unavailable, match="an import is under way"):
            desk.edit(Retire("cup", 1))


def test_each_edit_counts_as_a_changed_tag(desk: Desk) -> None:
    with desk.engine.connect() as connection:
        before = read_marks(connection)
    desk.edit(Rename("cup", 1, "en", "Mug"))
    with desk.engine.connect() as connection:
        after = read_marks(connection)
    assert after["tag"] - before["tag"] == 1
    assert after["item"] == before["item"]
