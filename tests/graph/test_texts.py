from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import Spec
from graph.taxonomy.editing import edit
from graph.taxonomy.edits import AddLabel, Author, Create, NewLabel
from tests.tiny import TEXT, load, open_tiny
from weft.errors import StepFailed
from weft.running import Quiet

READS = TEXT.replace("recall:\n", "text:\n  languages: [en, zh]\nrecall:\n", 1)
ANN = Author("ann", "a test")


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Spec:
    spec = open_tiny(engine, tmp_path, READS)
    with engine.begin() as connection:
        edit(
            connection, Create("red", "color", (NewLabel("en", "red"), NewLabel("zh", "红色"))), ANN
        )
        edit(connection, Create("blue", "color", (NewLabel("en", "blue"),)), ANN)
    apply_spec(engine, spec, Quiet())
    return spec


def tagged(engine: Engine, tag: str) -> list[str]:
    """Give the items that are believed to have a tag."""
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT item.key FROM item JOIN tag ON tag.id = ANY(item.tag_ids) "
                 "WHERE tag.key = :tag ORDER BY item.key"),
            {"tag": tag},
        )  # fmt: skip
        return list(rows.scalars())


def read_count(engine: Engine) -> float:
    """Tell how many titles the last run read."""
    with engine.connect() as connection:
        return float(
            connection.execute(
                text("SELECT value FROM weft.metric JOIN weft.artifact ON artifact.id = artifact "
                     "WHERE step = 'text.tags' AND name = 'read' ORDER BY artifact DESC LIMIT 1")
            ).scalar_one()
        )  # fmt: skip


def test_titles_become_tags_with_their_place(engine: Engine, shop: Spec) -> None:
    assert tagged(engine, "red") == ["red-dress"]
    assert tagged(engine, "blue") == ["blue-cup", "blue-dress"]
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT source, confidence, span_start, span_end, model FROM item_tag "
                 "JOIN tag ON tag.id = tag WHERE tag.key = 'red'")
        ).one()  # fmt: skip
    assert (row.source, row.span_start, row.span_end) == ("lexicon", 0, 3)
    assert row.confidence > 0.5
    assert row.model


def test_only_new_and_changed_titles_are_read_again(engine: Engine, shop: Spec) -> None:
    with engine.begin() as connection:
        load(
            connection,
            shop,
            "item",
            [
                {"key": "red-cup", "title": "red cup", "category": "cup"},
                {"key": "blue-dress", "title": "a red dress", "category": "dress"},
            ],
        )
    apply_spec(engine, shop, Quiet())
    assert read_count(engine) == 2
    assert tagged(engine, "red") == ["blue-dress", "red-cup", "red-dress"]
    assert tagged(engine, "blue") == ["blue-cup"]


def test_a_new_label_reads_only_the_titles_that_it_can_touch(engine: Engine, shop: Spec) -> None:
    with engine.begin() as connection:
        edit(connection, AddLabel("red", 1, NewLabel("en", "next", "synonym")), ANN)
    apply_spec(engine, shop, Quiet())
    assert tagged(engine, "red") == ["next-cup", "red-dress"]
    assert read_count(engine) == 2


def test_another_way_of_reading_reads_everything(
    engine: Engine, shop: Spec, tmp_path: Path
) -> None:
    other = shop.model_copy(update={"text": shop.text.model_copy(update={"facets": ["category"]})})
    apply_spec(engine, other, Quiet())
    assert read_count(engine) == 6
    assert tagged(engine, "red") == []


def test_nothing_new_reads_nothing(engine: Engine, shop: Spec) -> None:
    assert apply_spec(engine, shop, Quiet()).ran == ()


NAMED = READS.replace(
    "languages: [en, zh]", "languages: [en, zh]\n  ner: {titles: 50, epochs: 1, hidden: 8}"
)


def test_the_entity_model_is_an_artifact_with_its_measures(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path, NAMED)
    first = apply_spec(engine, spec, Quiet())
    assert "text.ner" in first.ran
    again = apply_spec(engine, spec, Quiet(), asked=("text.ner",))
    assert again.ran == ("text.ner",)
    with engine.connect() as connection:
        names = set(connection.execute(text("SELECT name FROM weft.artifact_file")).scalars())
        measures = set(
            connection.execute(
                text("SELECT name FROM weft.metric JOIN weft.artifact ON artifact.id = artifact "
                     "WHERE step = 'text.ner'")
            ).scalars()
        )  # fmt: skip
    assert names == {"company.npz", "ner.npz"}
    assert "f1" in measures


def test_a_wrong_annotated_file_is_named(engine: Engine, tmp_path: Path) -> None:
    wrong = tmp_path / "titles.jsonl"
    wrong.write_text('{"text": "red cup"}\n')
    spec = open_tiny(engine, tmp_path, NAMED.replace("epochs: 1", f"annotated: [{wrong}]"))
    with pytest.raises(StepFailed, match=r"text\.ner\.annotated: .*titles\.jsonl"):
        apply_spec(engine, spec, Quiet())
