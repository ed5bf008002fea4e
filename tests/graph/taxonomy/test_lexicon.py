import time

from graph.taxonomy.edits import AddLabel, Create, Merge, Move, NewLabel, Retire
from graph.taxonomy.lexicon import LexiconChanges, LexiconRows, lexicon_changes, lexicon_rows
from tests.graph.taxonomy.desk import Desk


def everything(desk: Desk) -> LexiconRows:
    with desk.engine.connect() as connection:
        return lexicon_rows(connection)


def since(desk: Desk, change: int) -> LexiconChanges:
    with desk.engine.connect() as connection:
        return lexicon_changes(connection, change)


def patched(old: LexiconRows, changes: LexiconChanges) -> LexiconRows:
    """Apply changes to rows, as a lexicon would."""
    gone = {now.id for now in changes.tags}
    tags = [tag for tag in old.tags if tag.id not in gone]
    labels = [label for label in old.labels if label.tag not in gone]
    tags += [now.tag for now in changes.tags if now.tag is not None]
    labels += [label for now in changes.tags for label in now.labels]
    return LexiconRows(changes.change, tuple(sorted(tags)), tuple(sorted(labels)))


def test_rows_hold_all_tags_and_labels(desk: Desk) -> None:
    rows = everything(desk)
    named = {tag.id: tag for tag in rows.tags}
    gown = next(tag for tag in rows.tags if tag.key == "gown")
    assert [named[up].key for up in gown.parents] == ["dress"]
    assert [(x.language, x.kind, x.text) for x in rows.labels if x.tag == gown.id] == [
        ("en", "hidden", "gwon"), ("en", "preferred", "Gown"),
    ]  # fmt: skip
    assert rows.change == 6


def test_changes_bring_old_rows_up_to_date(desk: Desk) -> None:
    old = everything(desk)
    desk.edit(AddLabel("cup", 1, NewLabel("en", "Mug", "synonym")))
    desk.edit(Create("hat", "category", (), ("wear",)))
    desk.edit(Merge("dress", 1, "skirt"))
    desk.edit(Merge("skirt", 2, "cup"))
    desk.edit(Move("gown", 1, ("hat",)))
    desk.edit(Retire("gown", 2))
    desk.assign("cup", "hat")
    changes = since(desk, old.change)
    now = everything(desk)
    assert patched(old, changes) == LexiconRows(
        now.change, tuple(sorted(now.tags)), tuple(sorted(now.labels))
    )
    assert [tag.key for tag in now.tags if tag.redirect] == ["dress", "skirt"]
    assert since(desk, now.change).tags == ()


def test_forty_thousand_labels_are_read_in_two_seconds(desk: Desk) -> None:
    rows = [{"key": f"t{n}", "facet": "brand", "en": f"Brand {n}", "zh": f"牌{n}"}
            for n in range(20_000)]  # fmt: skip
    desk.load("tag", rows)
    began = time.perf_counter()
    assert len(everything(desk).labels) > 40_000
    assert time.perf_counter() - began < 2
