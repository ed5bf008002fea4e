"""Titles are read, and an edit of the taxonomy acts on the next request."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.building import apply_spec
from api.spec import Spec
from graph.taxonomy.editing import edit
from graph.taxonomy.edits import Author, Create, NewLabel
from tests.api.shop import Face, open_face
from tests.graph.test_texts import READS
from tests.tiny import open_tiny
from weft.running import Quiet

ANNOTATE = """query ($text: String!) { annotate(text: $text) {
    text lexicon keywords
    mentions { start end text facet source confidence why tag { key facet } }
    measures { dimension low high unit } } }"""
ADD = """mutation ($key: ID!, $on: Int!, $text: String!) {
    addLabel(key: $key, basedOn: $on, reason: "so",
             label: {language: "en", text: $text, kind: "synonym"}) { tag { revision } } }"""


@pytest.fixture
def face(engine: Engine, tmp_path: Path) -> Iterator[Face]:
    spec: Spec = open_tiny(engine, tmp_path, READS)
    with engine.begin() as connection:
        for key in ("red", "blue"):
            named = (NewLabel("en", key),)
            edit(connection, Create(key, "color", named), Author("ann", "a test"))
    apply_spec(engine, spec, Quiet())
    with open_face(engine, spec, "analyst") as opened:
        yield opened


def tags(face: Face, item: str) -> set[str]:
    answer = face.ask("query ($key: ID!) { item(key: $key) { tags { key } } }", key=item)
    return {tag["key"] for tag in answer["item"]["tags"]}


def test_annotate_says_what_where_and_why(face: Face) -> None:
    read = face.ask(ANNOTATE, text="RED dresses 500ml")["annotate"]
    red, dress = read["mentions"]
    assert (red["text"], red["start"], red["end"], red["tag"]["key"]) == ("RED", 0, 3, "red")
    assert dress["tag"] == {"key": "dress", "facet": "category"}
    assert "inflected" in dress["why"]
    assert read["measures"] == [{"dimension": "volume", "low": 500.0, "high": 500.0, "unit": "ml"}]
    assert read["keywords"]


def test_a_text_that_is_too_long_is_refused(face: Face) -> None:
    assert face.code(ANNOTATE, text="x" * 10_001) == "BAD_REQUEST"


def test_an_edit_acts_on_the_next_request(face: Face) -> None:
    assert "red" not in tags(face, "next-cup")
    face.ask(ADD, key="red", on=1, text="next")
    assert "red" in tags(face, "next-cup")
    assert face.ask(ANNOTATE, text="next")["annotate"]["mentions"][0]["tag"]["key"] == "red"


def test_a_label_that_goes_takes_its_tags_along(face: Face) -> None:
    assert "blue" in tags(face, "blue-cup")
    face.ask(
        """mutation { dropLabel(key: "blue", basedOn: 1, reason: "so",
           label: {language: "en", text: "blue"}) { tag { key } } }"""
    )
    assert "blue" not in tags(face, "blue-cup")


def test_a_merge_moves_what_was_read(face: Face) -> None:
    face.ask(
        'mutation { mergeTag(key: "blue", basedOn: 1, into: "red", reason: "so") { tag { key } } }'
    )
    assert "red" in tags(face, "blue-cup")
    assert face.ask(ANNOTATE, text="blue")["annotate"]["mentions"][0]["tag"]["key"] == "red"


def test_a_retired_tag_is_read_no_more(face: Face) -> None:
    face.ask('mutation { retireTag(key: "blue", basedOn: 1, reason: "so") { tag { key } } }')
    assert face.ask(ANNOTATE, text="blue")["annotate"]["mentions"] == []
    assert "blue" not in tags(face, "blue-cup")


def test_a_human_word_outlives_reading(face: Face, engine: Engine) -> None:
    face.ask(
        'mutation { unassignTag(item: "blue-cup", tag: "blue", reason: "so") { tag { key } } }'
    )
    assert "blue" not in tags(face, "blue-cup")
    face.ask(ADD, key="blue", on=1, text="new")
    assert "blue" not in tags(face, "blue-cup")
    assert "blue" in tags(face, "new-cup")


def test_a_build_after_edits_has_nothing_left_to_read(face: Face, engine: Engine) -> None:
    face.ask(ADD, key="red", on=1, text="next")
    with engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT change FROM weft.reading").scalar()
        newest = connection.exec_driver_sql("SELECT max(id) FROM taxonomy_change").scalar()
    assert before == newest


def test_without_a_section_text_nothing_is_read(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path)
    with open_face(engine, spec) as face:
        error = face.error(ANNOTATE, text="red")
        assert error["extensions"]["code"] == "BAD_REQUEST"
        assert "no section `text`" in error["message"]
