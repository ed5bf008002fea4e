from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import Spec, open_spec
from ranking.page import Page
from ranking.rerank.moved import Moved
from tests.ranking.test_pages import page
from tests.tiny import TEXT, load, open_tiny
from weft.errors import SpecError
from weft.running import Quiet

HOME = "scenes:\n  home: {recall: [popular, fresh]}"
CUP = "blue-cup"
RENAME = """UPDATE item SET attributes = attributes || '{"category": "gown"}'
            WHERE key = 'blue-dress'"""
MERGE = """UPDATE tag SET redirect = (SELECT id FROM tag WHERE key = 'dress')
           WHERE key = 'gown'"""
USUAL = ["red-dress", "new-cup", "blue-dress", "blue-cup"]


def spec_with(rules: str, more: str = "") -> str:
    scene = f"scenes:\n  home: {{recall: [popular, fresh], rerank: {{rules: [{rules}]}}{more}}}"
    assert HOME in TEXT
    return TEXT.replace(HOME, scene)


def shop(engine: Engine, folder: Path, rules: str, more: str = "") -> Spec:
    spec = open_tiny(engine, folder, spec_with(rules, more))
    apply_spec(engine, spec, Quiet())
    return spec


def moves(made: Page) -> list[Moved | None]:
    return [placed.moved for placed in made.items]


def test_a_scattered_page_alternates_and_tells_what_moved(engine: Engine, tmp_path: Path) -> None:
    rules = "{type: pins, items: {blue-dress: 1}}, {type: scatter, by: category, apart: 2}"
    spec = shop(engine, tmp_path, rules)
    keys, made = page(engine, spec, "home")
    assert keys == ["blue-dress", "new-cup", "red-dress", "blue-cup"]
    assert moves(made) == [
        Moved(3, 1, ("pins",)),
        Moved(2, 2, ("scatter category",)),
        Moved(1, 3, ("scatter category",)),
        Moved(4, 4),
    ]


def test_pages_of_any_size_go_on_in_the_same_order(engine: Engine, tmp_path: Path) -> None:
    rules = (
        "{type: pins, items: {blue-cup: 3}}, {type: scatter, by: category, apart: 2}, "
        "{type: mmr, by: [category, city]}, {type: fresh, share: 0.3}"
    )
    spec = shop(engine, tmp_path, rules)
    whole, _ = page(engine, spec, "home")
    assert whole[2] == "blue-cup"
    assert sorted(whole) == sorted(USUAL)
    for size in (1, 2, 3):
        got, more = list[str](), True
        while more:
            keys, made = page(engine, spec, "home", first=size, shown=got)
            got, more = got + keys, made.more
        assert got == whole


def test_a_pin_stands_where_no_channel_found_it(engine: Engine, tmp_path: Path) -> None:
    text_ = spec_with("{type: pins, items: {red-dress: 2}}").replace(
        "recall: [popular, fresh], rerank", "recall: [fresh], rerank"
    )
    spec = open_tiny(engine, tmp_path, text_)
    apply_spec(engine, spec, Quiet())
    keys, made = page(engine, spec, "home")
    assert keys == ["new-cup", "red-dress", "blue-dress"]
    assert made.items[1].moved == Moved(None, 2, ("pins",))
    assert made.items[1].channel == "pins"


def test_a_pin_behind_the_end_comes_last(engine: Engine, tmp_path: Path) -> None:
    spec = shop(engine, tmp_path, "{type: pins, items: {red-dress: 99}}")
    assert page(engine, spec, "home")[0] == [*USUAL[1:], "red-dress"]
    assert page(engine, spec, "home", first=2)[0] == USUAL[1:3]


@pytest.mark.parametrize(
    ("pinned", "asked"),
    [
        ("old-dress", {}),  # is over
        ("next-cup", {}),  # has not begun
        ("nothing", {}),  # is not there
        ("red-dress", {"where": {"price": {"lt": 45}}}),
        ("red-dress", {"exclude": ["red-dress"]}),
        ("red-dress", {"person": "ann"}),  # has seen it
    ],
)
def test_a_pin_is_not_shown_where_it_may_not_be(
    engine: Engine, tmp_path: Path, pinned: str, asked: dict[str, Any]
) -> None:
    spec = shop(engine, tmp_path, f"{{type: pins, items: {{{pinned}: 1}}}}")
    keys, _ = page(engine, spec, "home", **asked)
    assert pinned not in keys
    assert keys


def test_a_removed_pin_is_not_shown(engine: Engine, tmp_path: Path) -> None:
    spec = shop(engine, tmp_path, "{type: pins, items: {red-dress: 3}}")
    assert page(engine, spec, "home")[0][2] == "red-dress"
    with engine.begin() as connection:
        connection.execute(text("UPDATE item SET removed_at = now() WHERE key = 'red-dress'"))
    assert sorted(page(engine, spec, "home")[0]) == sorted(USUAL[1:])


def test_banned_items_are_not_shown_and_the_page_is_full(engine: Engine, tmp_path: Path) -> None:
    spec = shop(engine, tmp_path, "{type: bans, items: [red-dress]}")
    keys, made = page(engine, spec, "home", first=3)
    assert sorted(keys) == sorted(USUAL[1:])
    assert not made.more


def test_caps_give_way_rather_than_leave_a_page_empty(engine: Engine, tmp_path: Path) -> None:
    spec = shop(engine, tmp_path, "{type: cap, by: category, most: 1}")
    keys, made = page(engine, spec, "home", first=3)
    assert keys == ["red-dress", "new-cup", "blue-dress"]
    assert moves(made)[2] == Moved(3, 3, (), ("cap category",))


def test_a_merged_category_is_one(engine: Engine, tmp_path: Path) -> None:
    spec = shop(engine, tmp_path, "{type: scatter, by: category, apart: 2}")
    with engine.begin() as connection:
        load(connection, spec, "tag", [{"key": "gown", "facet": "category", "en": "Gown"}])
        connection.execute(text(RENAME))
    assert page(engine, spec, "home", shown=["new-cup"])[0] == ["red-dress", "blue-dress", CUP]
    with engine.begin() as connection:
        connection.execute(text(MERGE))
    assert page(engine, spec, "home", shown=["new-cup"])[0] == ["red-dress", CUP, "blue-dress"]


def test_facets_count_by_the_tags_of_an_item_itself(engine: Engine, tmp_path: Path) -> None:
    spec = shop(engine, tmp_path, "{type: scatter, by: facet.category, apart: 2}")
    assert page(engine, spec, "home")[0] == USUAL
    with engine.begin() as connection:
        load(connection, spec, "tag", [{"key": "cup", "facet": "category", "en": "Cup",
                                        "parents": ["wear"]}])  # fmt: skip
    assert page(engine, spec, "home")[0] == USUAL  # what is above a tag is not the item's own


def test_newness_lifts_and_fades(engine: Engine, tmp_path: Path) -> None:
    spec = shop(engine, tmp_path, "{type: fresh, share: 0.9, half_life: 1d}")
    keys, made = page(engine, spec, "home")
    assert keys[:2] == ["new-cup", "blue-dress"]
    assert made.items[0].moved == Moved(2, 1, ("fresh",))


def test_a_rule_that_fails_leaves_the_order_before(engine: Engine, tmp_path: Path) -> None:
    spec = shop(engine, tmp_path, "{type: scatter, by: city, apart: 2}")
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE item RENAME COLUMN city TO town"))
    keys, made = page(engine, spec, "home")
    assert keys == USUAL
    assert [(d.channel, d.reason) for d in made.dropped] == [("rerank", "failed")]


def test_a_scene_inherits_its_rules_and_may_drop_them(engine: Engine, tmp_path: Path) -> None:
    more = "}\n  plain: {extends: home, rerank: {}"
    spec = shop(engine, tmp_path, "{type: pins, items: {new-cup: 1}}", more)
    assert moves(page(engine, spec, "cheap")[1])[0] == Moved(2, 1, ("pins",))
    assert set(moves(page(engine, spec, "plain")[1])) == {None}


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("{type: cap, by: price, most: 1}", "no tag, keyword or boolean"),
        ("{type: cap, by: citi, most: 1}", "there are city"),
        ("{type: scater, by: city}", "no type called 'scater'; there are scatter"),
        ("{type: pins, items: {a: 1, b: 1}}", "a and b are both pinned to place 1"),
        ("{type: pins, items: {a: 1}}, {type: bans, items: [a]}", "a is both pinned and banned"),
        ("{type: mmr, by: []}", "at least 1 item"),
    ],
)
def test_a_rule_that_cannot_be_is_told(tmp_path: Path, rules: str, said: str) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(spec_with(rules))
    with pytest.raises(SpecError, match=said) as caught:
        open_spec(path)
    assert "scenes.home.rerank" in str(caught.value)
