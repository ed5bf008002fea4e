import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.graph.shop import Shop, counts, item

CHECKOUT = Path(__file__).parents[3]
BELIEVED = "SELECT tag.key FROM item JOIN tag ON tag.id = ANY(tag_ids) WHERE item.key = 'a'"
MARK = "SELECT changes FROM weft.watermark WHERE subject = 'item_tag'"
STORED = (
    "SELECT item.key, tag.key, source, confidence, model, denied FROM item_tag "
    "JOIN item ON item.id = item JOIN tag ON tag.id = tag ORDER BY 1, 2, 3"
)


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    """Two items and the tags red and rouge; rouge was merged into red."""
    shop.rows("tag", {"key": "red", "facet": "color"}, {"key": "rouge", "facet": "color"})
    shop.rows("item", item("a"), item("b"))
    with shop.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE tag SET redirect = (SELECT id FROM tag WHERE key = 'red') WHERE key = 'rouge'"
        )
    return shop


def says(source: str = "image", **cells: object) -> dict[str, object]:
    return {"item": "a", "tag": "red", "source": source, **cells}


def test_rows_are_stored_with_all_that_they_say(stocked: Shop) -> None:
    rows = [says(confidence=0.7, model="clip-2"), says(item="b", denied=True)]
    assert counts(stocked.load("item_tag", rows)) == (2, 2, 0, 0, 0)
    assert stocked.ask(STORED) == [
        ("a", "red", "image", 0.7, "clip-2", False),
        ("b", "red", "image", 1.0, None, True),
    ]
    assert stocked.ask(BELIEVED) == ["red"]


def test_the_first_in_precedence_decides(stocked: Shop) -> None:
    stocked.rows("item_tag", says("image"))
    assert stocked.ask(BELIEVED) == ["red"]
    stocked.rows("item_tag", says("ner", denied=True))
    assert stocked.ask(BELIEVED) == []
    stocked.rows("item_tag", says("rule"), says("image", denied=True))
    assert stocked.ask(BELIEVED) == ["red"]
    with stocked.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO item_tag (item, tag, source, denied) "
            "SELECT item, tag, 'human', true FROM item_tag WHERE source = 'rule'"
        )
    stocked.rows("item_tag", says("rule", confidence=0.9))
    assert stocked.ask(BELIEVED) == []


def test_importing_twice_is_importing_once(stocked: Shop) -> None:
    rows = [says(), says(item="b")]
    stocked.load("item_tag", rows)
    assert stocked.ask(MARK) == [2]
    assert counts(stocked.load("item_tag", rows)) == (2, 0, 0, 2, 0)
    assert stocked.ask(MARK) == [2]
    assert counts(stocked.load("item_tag", [says(confidence=0.5)])) == (1, 0, 1, 0, 0)
    assert stocked.ask(MARK) == [3]


def test_a_merged_tag_means_the_other_one(stocked: Shop) -> None:
    rows = [says(tag="rouge"), says(tag="red"), says(tag="red", confidence=0.1)]
    assert counts(stocked.load("item_tag", rows)) == (3, 1, 0, 1, 1)
    (reject,) = stocked.rejects()
    assert reject["line"] == 3
    assert "stands in line 1 already" in reject["reason"]
    assert stocked.ask(STORED) == [("a", "red", "image", 1.0, None, False)]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (says(item="z"), "item", "no item has the key 'z'"),
        (says(tag="z"), "tag", "no tag has the key 'z'"),
        (says(item="z", tag="z"), "item", "no item has the key 'z'"),
        (says("human"), "source", "analysts assign tags"),
        (says("catalog"), "source", "`weft import items`"),
        (says("lexicon"), "source", "reading titles"),
        (says("Image!"), "source", "no name of a source"),
        (says(confidence=1.5), "confidence", "not from 0 to 1: 1.5"),
        (says(confidence="much"), "confidence", "not a number"),
        (says(denied="perhaps"), "denied", "neither true nor false"),
        ({"item": "a", "tag": "red"}, "source", "is missing"),
    ],
)
def test_rows_that_cannot_be_meant_are_refused(
    stocked: Shop, row: dict[str, object], column: str, reason: str
) -> None:
    outcome = stocked.rows("item_tag", row)
    (reject,) = outcome.rejects
    assert reject.column == column
    assert reason in reject.reason
    assert stocked.ask(STORED) == []


def test_strict_keeps_all_or_nothing(stocked: Shop) -> None:
    summary = stocked.load("item_tag", [says(), says(tag="z")], strict=True)
    assert not summary.kept
    assert stocked.ask(STORED) == []
    assert stocked.ask(BELIEVED) == []


def test_csv_reads_like_json(stocked: Shop) -> None:
    text = "item,tag,source,confidence,denied\na,red,image,0.25,no\nb,red,rule,,yes\n"
    assert counts(stocked.load("item_tag", text, "tags.csv")) == (2, 2, 0, 0, 0)
    assert stocked.ask(STORED) == [
        ("a", "red", "image", 0.25, None, False),
        ("b", "red", "rule", 1.0, None, True),
    ]


def test_the_command_takes_files_of_item_tags(stocked: Shop) -> None:
    path = stocked.write("said.jsonl", [says(), says("human")])
    spec = stocked.write("weft.yaml", "name: tiny\n")
    url = stocked.engine.url.render_as_string(hide_password=False)
    line = ["import", "item-tags", str(path), "--spec", str(spec)]
    done = subprocess.run(
        [sys.executable, "-m", "api.commands.main", *line],
        cwd=stocked.folder,
        env={**os.environ, "WEFT_DATABASE_URL": url, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "item-tags: 2 read, 1 added, 0 changed, 0 unchanged, 1 rejected" in done.stdout
    assert stocked.ask(BELIEVED) == ["red"]
