"""Queries are read into keywords, tags, price and order, over GraphQL and on the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer import Typer
from typer.testing import CliRunner

from api.building import apply_spec
from api.commands.tag import tag
from api.spec import open_spec
from graph.taxonomy.editing import edit
from graph.taxonomy.edits import Author, Create, NewLabel
from tests.api.shop import Face, open_face
from tests.graph.test_keywords import READS
from tests.tiny import open_tiny
from weft.running import Quiet

READ_QUERY = """query ($text: String!) { readQuery(text: $text) {
    text rest lexicon keywords { text keyword { id text titles queries } }
    mentions { start end text facet source confidence why tag { key facet label } }
    measures { text: unit low } order { by start end text }
    filters { price { gte lte currency start end text } } } }"""
ANN = Author("ann", "a test")
BRAND = Create("nike", "brand", (NewLabel("en", "Nike"), NewLabel("zh", "耐克")))
RED = Create("red", "color", (NewLabel("en", "red"), NewLabel("zh", "红色")))
SCARLET = Create("scarlet", "color", (NewLabel("en", "Scarlet"),))
HOSTILE = ["", "'; DROP TABLE item; --", "\u202edress\u202c", "\u200d" * 5000, "\x00", "$" * 10_000]
HOSTILE += ["under " * 1600, "1,1" * 3000, "red " * 2400, "-" * 10_000]


@pytest.fixture
def folder(engine: Engine, tmp_path: Path) -> Path:
    spec = open_tiny(engine, tmp_path, READS)
    with engine.begin() as connection:
        for change in (BRAND, RED, SCARLET):
            edit(connection, change, ANN)
    apply_spec(engine, spec, Quiet())
    return tmp_path


@pytest.fixture
def face(engine: Engine, folder: Path) -> Iterator[Face]:
    with open_face(engine, open_spec(folder / "weft.yaml"), "analyst") as opened:
        yield opened


def test_a_query_comes_apart_with_all_places_in_the_original(face: Face) -> None:
    read = face.ask(READ_QUERY, text="Latest NIKE dresses under $300")["readQuery"]
    nike, dress = read["mentions"]
    assert (nike["start"], nike["end"], nike["text"], nike["facet"]) == (7, 11, "NIKE", "brand")
    assert nike["tag"] == {"key": "nike", "facet": "brand", "label": "Nike"}
    assert 0.5 < nike["confidence"] <= 1
    assert "inflected" in dress["why"]
    price = {"gte": None, "lte": 300.0, "currency": "usd"}
    assert read["filters"]["price"] == {**price, "start": 20, "end": 30, "text": "under $300"}
    assert read["order"] == {"by": "NEWEST", "start": 0, "end": 6, "text": "Latest"}
    assert read["rest"] == "nike dresses"


def test_chinese_queries_are_read_the_same(face: Face) -> None:
    read = face.ask(READ_QUERY, text="300以下 耐克 新款 红色 鞋")["readQuery"]
    assert [one["tag"]["key"] for one in read["mentions"]] == ["nike", "red"]
    assert (read["filters"]["price"]["lte"], read["order"]["by"]) == (300.0, "NEWEST")
    assert read["rest"] == "耐克 红色 鞋"


def test_known_keywords_have_their_number_in_whatever_form(face: Face) -> None:
    words = face.ask(READ_QUERY, text="dresses and tents")["readQuery"]["keywords"]
    known = {word["text"]: word["keyword"] for word in words}
    assert known["tents"] is None
    assert known["dresses"]["text"] == "dress"
    assert (known["dresses"]["titles"], known["dresses"]["queries"]) == (3, 0)
    assert known["dresses"]["id"] >= 1


def test_an_edit_acts_on_the_next_query_and_a_merged_tag_is_its_target(face: Face) -> None:
    merge = 'mergeTag(key: "red", basedOn: 1, into: "scarlet", reason: "so") { tag { key } }'
    face.ask(f"mutation {{ {merge} }}")
    (found,) = face.ask(READ_QUERY, text="红色")["readQuery"]["mentions"]
    assert found["tag"] == {"key": "scarlet", "facet": "color", "label": "Scarlet"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_queries_are_harmless(face: Face, text: str) -> None:
    read = face.ask(READ_QUERY, text=text)["readQuery"]
    assert read["text"] == text[:1000]
    assert all(one["text"] == text[one["start"] : one["end"]] for one in read["mentions"])


def test_a_query_that_is_too_long_is_refused(face: Face) -> None:
    assert face.code(READ_QUERY, text="x" * 10_001) == "BAD_REQUEST"


def test_without_keywords_no_word_is_known(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path, READS.replace("  keywords: {at_least: 2}\n", ""))
    apply_spec(engine, spec, Quiet())
    with open_face(engine, spec) as face:
        words = face.ask(READ_QUERY, text="red dress")["readQuery"]["keywords"]
    assert [(word["text"], word["keyword"]) for word in words] == [("red", None), ("dress", None)]


def test_the_command_prints_tags_price_order_and_known_keywords(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("WEFT_DATABASE_URL", url)
    app = Typer()
    app.command()(tag)
    asked = [
        "--query",
        "[b] Nike dresses between 100 and 200 元",
        "--spec",
        str(folder / "weft.yaml"),
    ]
    told = CliRunner().invoke(app, asked)
    assert told.exit_code == 0, told.output
    lines = [" ".join(line.split()) for line in told.output.splitlines()]
    assert lines[0] == "[b] Nike dresses between 100 and 200 元"
    assert any(line.startswith("Nike brand nike 0.") for line in lines)
    assert any(
        line.startswith("between 100 and 200 元 price ≥ 100 and ≤ 200 cny") for line in lines
    )
    assert any("dresses #" in line for line in lines)
