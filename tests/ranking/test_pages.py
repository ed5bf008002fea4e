from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from api.building import apply_spec
from api.releases import scenes_of
from api.spec import Spec
from graph.where import EVERYTHING, read_where
from ranking.asking import Request
from ranking.page import Page
from ranking.pages import recommend
from ranking.scenes import Scene, filled
from tests.asking import ask
from tests.tiny import NOON, TEXT, at, load, open_tiny
from weft.errors import NotFound
from weft.releases import read_live
from weft.running import Quiet


@pytest.fixture
def tiny(engine: Engine, tmp_path: Path) -> Spec:
    spec = open_tiny(engine, tmp_path)
    apply_spec(engine, spec, Quiet())
    return spec


def page(
    engine: Engine,
    spec: Spec,
    scene: str,
    person: str | None = None,
    first: int = 10,
    shown: Sequence[str] = (),
    where: Mapping[str, Any] | None = None,
    moment: datetime = NOON,
    exclude: Sequence[str] = (),
) -> tuple[list[str], Page]:
    """Ask for a page and give the keys on it."""
    with engine.connect() as connection:
        live = read_live(connection)
        keys = {row.id: row.key for row in connection.execute(text("SELECT id, key FROM item"))}
        asked = text("SELECT id FROM person WHERE key = :key")
        number = connection.execute(asked, {"key": person}).scalar()
    assert live is not None
    scenes = scenes_of(spec, live)
    filter_ = read_where(where, spec.catalog) if where else EVERYTHING
    ids = {key: number for number, key in keys.items()}
    passed = tuple(ids[key] for key in shown)
    request = Request(scene, number, first, moment, passed, filter_, tuple(exclude))

    made = ask(engine, lambda connection: recommend(connection.engine, scenes, request))
    return [keys[found.item] for found in made.items], made


def test_a_stranger_sees_popular_and_fresh_in_turn(engine: Engine, tiny: Spec) -> None:
    keys, made = page(engine, tiny, "home")
    assert keys == ["red-dress", "new-cup", "blue-dress", "blue-cup"]
    assert [found.channel for found in made.items] == ["popular", "fresh", "popular", "popular"]
    assert not made.more


def test_where_no_channel_of_a_scene_finds_anything_popular_and_fresh_do(
    engine: Engine, tiny: Spec
) -> None:
    keys, made = page(engine, tiny, "liked", where={"price": {"lte": 5}})
    assert keys == ["new-cup"]
    assert made.items[0].channel == "fresh"
    assert page(engine, tiny, "new", where={"price": {"gte": 5_000}})[0] == []


def test_seen_items_are_left_out(engine: Engine, tiny: Spec) -> None:
    assert page(engine, tiny, "home", "ann")[0] == ["blue-cup", "new-cup"]
    assert page(engine, tiny, "home", "bob")[0] == ["blue-dress", "new-cup"]


def test_an_exposure_alone_does_not_hide_an_item(engine: Engine, tiny: Spec) -> None:
    assert "new-cup" in page(engine, tiny, "home", "cat")[0]


def test_pages_fit_together(engine: Engine, tiny: Spec) -> None:
    whole = page(engine, tiny, "home")[0]
    pages = [page(engine, tiny, "home", first=1, shown=whole[:n]) for n in range(4)]
    assert [key for keys, _ in pages for key in keys] == whole
    assert [made.more for _, made in pages] == [True, True, True, False]


def test_what_is_seen_after_page_one_does_not_shift_page_two(engine: Engine, tiny: Spec) -> None:
    whole = page(engine, tiny, "home", "cat")[0]
    with engine.begin() as connection:
        load(
            connection,
            tiny,
            "event",
            [{"id": "x", "kind": "click", "person": "cat", "item": whole[0], "time": at(0.1)}],
        )
    assert page(engine, tiny, "home", "cat", first=1, shown=whole[:1])[0] == [whole[1]]
    later = NOON + timedelta(hours=1)
    assert whole[0] not in page(engine, tiny, "home", "cat", moment=later)[0]


def test_a_scene_and_a_request_filter_together(engine: Engine, tiny: Spec) -> None:
    assert set(page(engine, tiny, "cheap")[0]) == {"new-cup", "blue-cup"}
    assert page(engine, tiny, "cheap", where={"price": {"gte": 10}})[0] == ["blue-cup"]


def test_a_request_may_exclude_items_by_key(engine: Engine, tiny: Spec) -> None:
    keys, made = page(engine, tiny, "home", exclude=["new-cup", "no-such-item"])
    assert keys == ["red-dress", "blue-dress", "blue-cup"]
    assert not made.more


def test_a_scene_leaves_out_what_it_lists_and_what_is_the_person_s_own(
    engine: Engine, tmp_path: Path
) -> None:
    excluded = "exclude: {items: [blue-cup], own: {city: city}}"
    spec = shop(engine, tmp_path, f"recall: [popular, fresh], {excluded}")
    assert page(engine, spec, "home")[0] == ["red-dress", "new-cup", "blue-dress"]
    assert page(engine, spec, "home", "cat")[0] == ["red-dress", "blue-dress"]  # cat is in Rome


def test_what_was_bought_is_left_out_although_what_is_seen_is_not(
    engine: Engine, tmp_path: Path
) -> None:
    spec = shop(engine, tmp_path, "recall: [popular], seen: [], exclude: {bought: 30d}")
    assert set(page(engine, spec, "home", "bob")[0]) == {"red-dress", "blue-dress"}
    assert set(page(engine, spec, "home", "ann")[0]) == {"red-dress", "blue-dress", "blue-cup"}


def test_quotas_and_weights_shape_the_order(engine: Engine, tmp_path: Path) -> None:
    spec = shop(engine, tmp_path, "recall: {popular: {quota: 1}, fresh: {weight: 2}}")
    assert page(engine, spec, "home")[0] == ["new-cup", "red-dress", "blue-dress"]


@pytest.mark.parametrize("fusion", ["reciprocal", "calibrated"])
def test_ranked_orders_fit_together_page_by_page(
    engine: Engine, tmp_path: Path, fusion: str
) -> None:
    spec = shop(engine, tmp_path, f"recall: [popular, fresh], fusion: {{type: {fusion}}}")
    whole, made = page(engine, spec, "home")
    assert whole[0] == "blue-dress"
    assert {hit.channel for hit in made.items[0].found_by} == {"popular", "fresh"}
    pages = [page(engine, spec, "home", first=1, shown=whole[:n])[0] for n in range(4)]
    assert [key for keys in pages for key in keys] == whole


def test_what_was_shown_is_passed_over_whatever_the_order_has_become(
    engine: Engine, tiny: Spec
) -> None:
    keys, made = page(engine, tiny, "home", first=2, shown=["blue-cup", "blue-dress"])
    assert keys == ["red-dress", "new-cup"]
    assert not made.more


def shop(engine: Engine, folder: Path, home: str) -> Spec:
    """Open the tiny shop with another scene `home`."""
    lines = [line for line in TEXT.splitlines() if not line.startswith("  cheap")]
    text_ = "\n".join(lines).replace("recall: [popular, fresh]", home)
    spec = open_tiny(engine, folder, text_)
    apply_spec(engine, spec, Quiet())
    return spec


def test_an_unknown_scene_is_named(engine: Engine, tiny: Spec) -> None:
    with pytest.raises(NotFound, match="no scene called 'hom'; there are home"):
        page(engine, tiny, "hom")


def test_a_scene_inherits_what_it_leaves_out() -> None:
    scenes = {
        "a": Scene(recall=["x"], where={"price": {"lt": 5}}),
        "b": Scene(extends="a", where={}),
        "c": Scene(extends="b", forget="2d"),
    }
    filled_c = filled(scenes, "c")
    assert (filled_c.recall, filled_c.where, filled_c.forget) == (["x"], {}, timedelta(days=2))
    assert filled_c.seen == ["click", "collect", "cart", "coupon", "purchase"]
