from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import Spec
from graph.suggestions.agreeing import lower_bound
from graph.suggestions.entities import Entity, store_entities
from graph.suggestions.misspellings import slips_between
from graph.taxonomy.editing import edit
from graph.taxonomy.edits import AddLabel, Author, Create, NewLabel
from tests.tiny import NOON, TEXT, at, load, open_tiny
from weft.running import Quiet

MINES = TEXT.replace("recall:\n", "text:\n  suggestions: {at_least: 3}\nrecall:\n", 1)
ANN = Author("ann", "a test")
TAGS = [
    ("crockery", "category", [NewLabel("en", "crockery")]),
    ("jewel", "brand", [NewLabel("en", "sapphire"), NewLabel("zh", "蓝宝石")]),
    ("lead", "color", [NewLabel("en", "sapphire"), NewLabel("en", "navy", "synonym")]),
    ("rust", "color", [NewLabel("en", "rust")]),
]
ITEMS = [
    *((f"gown-{n}", f"fine gown {n}", "dress") for n in range(4)),
    *((f"plain-{n}", f"plain dress {n}", "dress") for n in range(8)),
    *((f"cup-{n}", f"fine cup {n}", "cup") for n in range(6)),
    ("gem-1", "sapphire cup", "cup"),
]
VISITS = [  # who, asked for, an hour, clicked
    *((f"p{n}", "frock", n, f"plain-{n % 4}") for n in range(5)),
    *((f"p{n}", "dress", n + 0.05, f"plain-{n % 4}") for n in range(5)),
    *((f"q{n}", "crockrey", n, f"cup-{n % 2}") for n in range(3)),
    *((f"q{n}", "crockery", n + 0.5, f"cup-{n % 2}") for n in range(3)),
    *((f"r{n}", "fine", n, ("cup-4", "plain-5", "gown-1", "gem-1")[n]) for n in range(4)),
    *((f"s{n}", "rare", n, "cup-5") for n in range(2)),
]


def events() -> Iterable[dict[str, Any]]:
    for n, (who, asked, hour, item) in enumerate(VISITS):
        both = {"person": who, "scene": "search", "trace": f"v{n}", "time": at(hour)}
        yield {"id": f"s{n}", "kind": "search", "keyword": asked, **both}
        yield {"id": f"c{n}", "kind": "click", "item": item, **both}


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Spec:
    spec = open_tiny(engine, tmp_path, MINES)
    items = [{"key": key, "title": title, "category": tag} for key, title, tag in ITEMS]
    with engine.begin() as connection:
        for key, facet, labels in TAGS:
            edit(connection, Create(key, facet, tuple(labels)), ANN)
        load(connection, spec, "item", items)
        load(connection, spec, "event", list(events()))
    apply_spec(engine, spec, Quiet())
    return spec


def found(engine: Engine, kind: str) -> dict[str, tuple[str | None, dict[str, Any]]]:
    """Give the suggestions of a kind: the text, its tag and evidence."""
    asked = text("SELECT suggestion.text, tag.key, evidence FROM suggestion "
                 "LEFT JOIN tag ON tag.id = tag WHERE kind = :kind")  # fmt: skip
    with engine.connect() as connection:
        rows = connection.execute(asked, {"kind": kind}).all()
    return {row.text: (row.key, row.evidence) for row in rows}


def everything(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT * FROM suggestion ORDER BY id")))


def build_again(engine: Engine, spec: Spec) -> None:
    """Build once more, with nothing new but an event that says nothing."""
    with engine.begin() as connection:
        load(connection, spec, "event", [
            {"id": "x", "kind": "expose", "person": "ann", "item": "cup-1", "time": at(-9)}
        ])  # fmt: skip
    apply_spec(engine, spec, Quiet())


def test_synonyms_come_from_clicks_searches_and_titles(engine: Engine, shop: Spec) -> None:
    synonyms = found(engine, "synonym")
    assert set(synonyms) == {"frock", "gown"}
    tag, why = synonyms["frock"]
    assert tag == "dress"
    assert why["queries"] == ["frock"]
    assert set(why["items"]) == {"plain-0", "plain-1", "plain-2", "plain-3"}
    assert why["numbers"]["agreeing"] == why["numbers"]["clicks"] == 5
    assert why["numbers"]["reformulated"] == 5
    tag, why = synonyms["gown"]
    assert tag == "dress"
    assert why["items"] == ["gown-0", "gown-1", "gown-2", "gown-3"]
    assert why["numbers"]["titles_without_label"] == 4


def test_misspellings_are_near_a_label_and_lead_to_the_same_items(
    engine: Engine, shop: Spec
) -> None:
    misspelt = found(engine, "misspelling")
    assert set(misspelt) == {"crockrey"}
    tag, why = misspelt["crockrey"]
    assert (tag, why["label"]) == ("crockery", "crockery")
    assert (why["numbers"]["slips"], why["numbers"]["searches"]) == (1, 3)


def test_shared_labels_are_ambiguous_with_counts_of_each_meaning(
    engine: Engine, shop: Spec
) -> None:
    shared = found(engine, "ambiguous")
    assert set(shared) == {"sapphire"}
    meanings = shared["sapphire"][1]["meanings"]
    assert [one["tag"] for one in meanings] == ["jewel", "lead"]
    assert sum(one["chosen"] for one in meanings) == 1
    assert shared["sapphire"][1]["items"] == ["gem-1"]


def test_tags_that_nothing_matches_are_idle_and_their_parents_in_use_are_not(
    engine: Engine, shop: Spec
) -> None:
    keys = {tag for tag, _ in found(engine, "idle").values()}
    assert {"crockery", "rust"} <= keys
    assert not {"wear", "dress", "cup"} & keys


def test_mining_again_changes_nothing(engine: Engine, shop: Spec) -> None:
    before = everything(engine)
    build_again(engine, shop)
    assert everything(engine) == before


def test_a_decided_suggestion_stays_decided(engine: Engine, shop: Spec) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE suggestion SET state = 'rejected', score = 0"))
    before = everything(engine)
    build_again(engine, shop)
    assert everything(engine) == before


def test_a_suggestion_that_became_a_label_is_gone(engine: Engine, shop: Spec) -> None:
    with engine.begin() as connection:
        edit(connection, AddLabel("dress", 1, NewLabel("en", "frock", "synonym")), ANN)
    apply_spec(engine, shop, Quiet())
    assert set(found(engine, "synonym")) == {"gown"}


def test_entities_without_a_label_are_kept_and_counted_together(engine: Engine, shop: Spec) -> None:
    seen = [
        Entity("brand", "Zephyr", 2, ["cup-1"]),
        Entity("brand", "zephyr", 3, ["cup-2"]),
        Entity("brand", "Sapphire", 9, ["gem-1"]),
        Entity("brand", "Seldom", 1, ["cup-3"]),
    ]
    with engine.begin() as connection:
        assert store_entities(connection, seen, NOON) == 1
    tag, why = found(engine, "entity")["zephyr"]
    assert tag is None
    assert (why["facet"], why["numbers"]["times"]) == ("brand", 5)
    assert why["items"] == ["cup-1", "cup-2"]
    with engine.begin() as connection:
        store_entities(connection, seen, datetime.now(UTC))
    assert set(found(engine, "entity")) == {"zephyr"}


def test_no_section_makes_no_step(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(
        engine, tmp_path, MINES.replace("  suggestions: {at_least: 3}", "  least: 0.3")
    )
    assert "text.suggestions" not in apply_spec(engine, spec, Quiet()).ran


@pytest.mark.parametrize(
    ("word", "label", "slips"),
    [
        ("samsong", "samsung", 1),
        ("humidfiier", "humidifier", 1),
        ("humdfier", "humidifier", 2),
        ("空气榨锅", "空气炸锅", 1),
        ("cat", "cap", 0),
        ("奈克", "耐克", 0),
        ("iphone 14", "iphone 15", 0),
        ("samsung", "samsung", 0),
    ],
)
def test_slips_are_few_and_no_other_number(word: str, label: str, slips: int) -> None:
    assert slips_between(word, label) == slips


def test_few_tries_prove_little() -> None:
    assert lower_bound(3, 3) < lower_bound(30, 30) < 1
