from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import Spec, channels_around
from graph.where import EVERYTHING, read_where
from recall.candidates import Question
from recall.channels.spec import Ready
from recall.lists import contexts
from tests.asking import ask
from tests.tiny import NOON, TEXT, at, load, open_tiny
from weft.releases import read_live
from weft.running import Quiet


@pytest.fixture
def tiny(engine: Engine, tmp_path: Path) -> Spec:
    spec = open_tiny(engine, tmp_path)
    apply_spec(engine, spec, Quiet())
    return spec


def find(
    engine: Engine,
    spec: Spec,
    channel: str,
    words: Mapping[str, str] | None = None,
    where: Mapping[str, Any] | None = None,
    top: int = 10,
    leave_out: tuple[str, ...] = (),
    hours: float = 0,
) -> list[str]:
    """Ask one channel and give the keys of what it found."""
    with engine.connect() as connection:
        live = read_live(connection)
        keys = {row.id: row.key for row in connection.execute(text("SELECT id, key FROM item"))}
    assert live is not None
    ids = {key: number for number, key in keys.items()}
    ready = Ready(live.artifacts, channels_around(spec))
    finder = spec.recall.channels[channel].finder(channel, ready)
    question = Question(
        scene="home",
        person=None,
        moment=NOON + timedelta(hours=hours),
        words=words or {},
        where=read_where(where, spec.catalog) if where else EVERYTHING,
        leave_out=tuple(ids[key] for key in leave_out),
    )

    found = ask(engine, lambda connection: finder.find(connection, question, top))
    return [keys[int(item)] for item in found.items]


def test_popular_orders_by_decayed_weight(engine: Engine, tiny: Spec) -> None:
    assert find(engine, tiny, "popular") == ["blue-cup", "red-dress", "blue-dress"]


def test_popular_prefers_the_list_of_the_context(engine: Engine, tiny: Spec) -> None:
    rome = {"scene": "home", "person.city": "Rome"}
    assert find(engine, tiny, "popular", rome)[0] == "red-dress"


def test_a_narrow_list_is_filled_up_from_wider_ones(engine: Engine, tiny: Spec) -> None:
    rome = {"scene": "home", "person.city": "Rome"}
    assert find(engine, tiny, "popular", rome) == ["red-dress", "blue-dress", "blue-cup"]


def test_what_ended_is_not_found_and_what_had_not_yet_ended_is(engine: Engine, tiny: Spec) -> None:
    assert "old-dress" not in find(engine, tiny, "popular")
    assert "old-dress" in find(engine, tiny, "popular", hours=-1.5)


def test_a_filter_reaches_past_the_top_of_the_list(engine: Engine, tiny: Spec) -> None:
    assert find(engine, tiny, "popular", where={"city": "Paris"}) == ["red-dress", "blue-dress"]
    assert find(engine, tiny, "popular", where={"price": {"lt": 20}}) == ["blue-cup"]
    assert find(engine, tiny, "popular", where={"category": {"under": "wear"}}) == [
        "red-dress",
        "blue-dress",
    ]
    assert find(engine, tiny, "popular", where={"price": {"gt": 1000}}) == []


def test_a_filter_on_one_category_reads_its_list(engine: Engine, tiny: Spec) -> None:
    assert find(engine, tiny, "popular", where={"category": "cup"}) == ["blue-cup"]


def test_what_is_left_out_stays_out(engine: Engine, tiny: Spec) -> None:
    assert find(engine, tiny, "popular", leave_out=("blue-cup",))[0] == "red-dress"


def test_fresh_is_newest_first_and_not_before_its_time(engine: Engine, tiny: Spec) -> None:
    assert find(engine, tiny, "fresh") == ["new-cup", "blue-dress"]
    assert find(engine, tiny, "fresh", where={"category": "cup"}) == ["new-cup"]
    assert find(engine, tiny, "fresh", hours=24 * 31)[0] == "next-cup"


def test_a_removed_item_is_not_found(engine: Engine, tiny: Spec) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE item SET removed_at = now() WHERE key = 'blue-cup'"))
    assert find(engine, tiny, "popular") == ["red-dress", "blue-dress"]


def test_new_events_change_the_next_build_and_not_the_live_one(engine: Engine, tiny: Spec) -> None:
    with engine.begin() as connection:
        load(
            connection,
            tiny,
            "event",
            [
                {"id": f"n{n}", "kind": "purchase", "person": "ann", "item": "new-cup",
                 "scene": "home", "time": at(-0.5)}
                for n in range(9)
            ],
        )  # fmt: skip
    assert find(engine, tiny, "popular")[0] == "blue-cup"
    apply_spec(engine, tiny, Quiet())
    assert find(engine, tiny, "popular")[0] == "new-cup"


def test_the_whole_list_is_kept_for_filters_and_others_are_cut(
    engine: Engine, tmp_path: Path
) -> None:

    spec = open_tiny(engine, tmp_path, TEXT.replace("half_life: 1d", "half_life: 1d, top: 1"))
    apply_spec(engine, spec, Quiet())
    assert len(find(engine, spec, "popular")) == 3
    with engine.connect() as connection:
        longest = connection.execute(
            text("SELECT max(rank) FROM derived.ranked_1 WHERE context <> '{NULL,NULL,NULL}'")
        ).scalar()
    assert longest == 1


def test_contexts_go_from_narrow_to_wide() -> None:
    words = {"scene": "home", "item.city": "Rome"}
    assert list(contexts(("scene", "person.city", "item.city"), words)) == [
        ("home", None, "Rome"),
        ("home", None, None),
        (None, None, "Rome"),
        (None, None, None),
    ]


def test_live_view_names_items_for_analysts(engine: Engine, tiny: Spec) -> None:
    with engine.connect() as connection:
        first = connection.execute(
            text("SELECT item FROM live.ranked WHERE step = 'recall.popular' "
                 "AND context = '{NULL,NULL,NULL}' AND rank = 1")
        ).scalar()  # fmt: skip
    assert first == "blue-cup"


@pytest.mark.parametrize("half_life", ["1s", "520w"])
def test_extreme_half_lives_neither_overflow_nor_underflow(
    engine: Engine, tmp_path: Path, half_life: str
) -> None:
    spec = open_tiny(engine, tmp_path, TEXT.replace("half_life: 1d", f"half_life: {half_life}"))
    apply_spec(engine, spec, Quiet())
    assert set(find(engine, spec, "popular")) == {"blue-cup", "red-dress", "blue-dress"}
