from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import Spec, open_spec
from graph.columns import sync_columns
from graph.graph import Edges, edges_of, turned
from recall.floors import item_cf
from recall.similar.counting import Count, cosines, swings
from recall.similar.making import reached
from tests.tiny import at, load
from weft.running import Quiet

SPEC = """\
name: alike
catalog: {item: {ends_at: {type: time}}, lifetime: {ends: ends_at}}
graph: {edges: {liked: {type: events}}}
recall: {channels: {alike: {type: itemcf, over: liked}, swung: {type: swing, over: liked}}}
"""
PERSONS, ITEMS = 8, 9
LIKES = st.sets(st.tuples(st.integers(0, PERSONS - 1), st.integers(0, ITEMS - 1)), min_size=1)
COUNTS: dict[str, Callable[[Edges, np.ndarray], Count]] = {
    "itemcf": lambda liked, usable: cosines(liked, usable, ITEMS),
    "swing": lambda liked, usable: swings(liked, usable, ITEMS, 1.0, 100),
}


def liked_of(cells: set[tuple[int, int]]) -> Edges:
    persons, items = (np.array(side, np.int32) for side in zip(*sorted(cells), strict=True))
    weights = 1 + (persons * 3 + items * 5) % 4
    return edges_of("person", "item", persons, items, weights.astype(np.float32), PERSONS)


def matrix(count: Count) -> np.ndarray:
    found, scores = count(np.arange(ITEMS, dtype=np.int32))
    whole = np.zeros((ITEMS, ITEMS))
    for item in range(ITEMS):
        assert (np.diff(scores[item]) <= 0).all()
        kept = found[item] >= 0
        whole[item, found[item][kept]] = scores[item][kept]
    return whole


def swung(cells: set[tuple[int, int]]) -> np.ndarray:
    """Count by the definition: two persons, two items."""
    mine = {p: {i for q, i in cells if q == p} for p in range(PERSONS)}
    whole = np.zeros((ITEMS, ITEMS))
    for one in range(PERSONS):
        for two in range(one):
            both = mine[one] & mine[two]
            for i in both:
                for j in both - {i}:
                    whole[i, j] += 1 / (len(mine[one]) * len(mine[two])) ** 0.5 / (1 + len(both))
    return whole


@settings(deadline=None)  # the first call compiles
@given(LIKES)
def test_cosines_are_those_of_itemcf(cells: set[tuple[int, int]]) -> None:
    liked = liked_of(cells)
    eye = edges_of("person", "item", *[np.arange(ITEMS, dtype=np.int32)] * 2,
                   np.ones(ITEMS, np.float32), ITEMS)  # fmt: skip
    wanted = item_cf(liked, ITEMS)
    near = type(wanted)(eye, wanted.back, wanted.forth, ITEMS).score(
        np.arange(ITEMS, dtype=np.int32)
    )
    np.fill_diagonal(near, 0)
    assert matrix(COUNTS["itemcf"](liked, np.ones(ITEMS, bool))) == pytest.approx(near, abs=1e-6)


@settings(deadline=None)
@given(LIKES)
def test_swings_are_what_their_definition_says(cells: set[tuple[int, int]]) -> None:
    count = COUNTS["swing"](liked_of(cells), np.ones(ITEMS, bool))
    assert matrix(count) == pytest.approx(swung(cells), abs=1e-6)


@settings(deadline=None)
@given(LIKES, LIKES, st.sampled_from(sorted(COUNTS)))
def test_only_lists_that_are_reached_differ(before, more, kind) -> None:
    old, new = liked_of(before), liked_of(before | more)
    usable = np.ones(ITEMS, bool)
    persons, items = (
        np.array(sorted({cell[side] for cell in more - before}), np.int32) for side in (0, 1)
    )
    due = reached(new, turned(new, ITEMS), persons, items, kind == "itemcf")
    rest = np.setdiff1d(np.arange(ITEMS), due)
    first, then = (matrix(COUNTS[kind](liked, usable)) for liked in (old, new))
    assert then[rest] == pytest.approx(first[rest], abs=1e-6)


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Spec:
    path = tmp_path / "weft.yaml"
    path.write_text(SPEC)
    spec = open_spec(path)
    groups = [(f"p{g}{n}", f"i{g}{m}") for g in range(4) for n in range(3) for m in range(3)]
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
        items = sorted({item for _, item in groups})
        load(connection, spec, "item", [{"key": i, "title": i, "ends_at": None} for i in items])
        rows = [click(f"e{n}", *pair) for n, pair in enumerate(groups)]
        load(connection, spec, "event", rows)
    apply_spec(engine, spec, Quiet())
    return spec


def click(number: str, person: str, item: str) -> dict[str, object]:
    return {"id": number, "kind": "click", "person": person, "item": item, "time": at(-1)}


LISTS = "SELECT item, rank, other, score FROM live.similar WHERE step = :step"


def lists(engine: Engine, step: str) -> dict[tuple[str, str], float]:
    with engine.connect() as connection:
        rows = connection.execute(text(LISTS), {"step": step}).all()
    return {(row.item, row.other): row.score for row in rows}


def renewed(engine: Engine, step: str) -> float:
    asked = "SELECT value FROM weft.metric JOIN live.artifact USING (artifact) "
    with engine.connect() as connection:
        return connection.execute(
            text(asked + "WHERE step = :step AND name = 'renewed'"), {"step": step}
        ).scalar_one()


@pytest.mark.parametrize("step", ["recall.alike", "recall.swung"])
def test_lists_hold_what_the_same_persons_like(engine: Engine, shop: Spec, step: str) -> None:
    found = lists(engine, step)
    assert set(found) == {
        (f"i{g}{a}", f"i{g}{b}") for g in range(4) for a in range(3) for b in range(3) if a != b
    }


def test_without_events_nothing_is_built_again(engine: Engine, shop: Spec) -> None:
    assert apply_spec(engine, shop, Quiet()).build is None


@pytest.mark.parametrize("step", ["recall.alike", "recall.swung"])
def test_new_events_renew_only_lists_near_them_and_all_are_right(
    engine: Engine, shop: Spec, step: str
) -> None:
    with engine.begin() as connection:
        load(connection, shop, "event", [click("new", "p00", "i10")])
    apply_spec(engine, shop, Quiet())
    assert renewed(engine, step) <= 6
    quick = lists(engine, step)
    assert ("i00", "i10") in quick or step == "recall.swung"
    with engine.begin() as connection:
        connection.execute(text("UPDATE weft.artifact SET section = '{}' WHERE step = :step"),
                           {"step": step})  # fmt: skip
    apply_spec(engine, shop, Quiet(), asked=[step])
    assert renewed(engine, step) == 12
    assert lists(engine, step) == pytest.approx(quick)


def test_what_has_ended_is_on_no_list(engine: Engine, shop: Spec) -> None:
    with engine.begin() as connection:
        ended = 'UPDATE item SET attributes = \'{"ends_at": "2020-01-01T00:00:00.000000Z"}\''
        connection.execute(text(f"{ended} WHERE key = 'i00'"))
        load(connection, shop, "event", [click("new", "p00", "i01")])
    apply_spec(engine, shop, Quiet())
    others = {other for _, other in lists(engine, "recall.alike")}
    assert "i00" not in others
    assert "i01" in others
