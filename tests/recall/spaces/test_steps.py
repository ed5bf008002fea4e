from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import open_spec
from tests.tiny import NOON, TEXT, load, open_tiny
from weft.errors import SpecError
from weft.queries import METRICS
from weft.releases import read_live
from weft.running import Quiet

HOUR = timedelta(hours=1)
WOVEN = (
    TEXT
    + """
graph:
  edges:
    tagged: {type: tags}
    liked: {type: events, half_life: 30d}
    together: {type: sessions, gap: 30m}
spaces:
  near: {type: linear, over: [liked, tagged], dim: 4, spectrum: 4}
"""
)


def metrics(engine: Engine, step: str) -> dict[str, float]:
    with engine.connect() as connection:
        live = read_live(connection)
        assert live is not None
        rows = connection.execute(METRICS, {"artifacts": [live.artifacts[step]]}).all()
    return {row.name: row.value for row in rows}


def vectors(engine: Engine, kind: str) -> dict[str, list[float]]:
    """Read what analysts read."""
    table = {"item": "item", "person": "person", "tag": "tag"}[kind]
    query = text(f"""
        SELECT {table}.key, vector.e::real[] AS e FROM live.vector
        JOIN {table} USING (id) WHERE space = 'near' AND kind = :kind
    """)
    with engine.connect() as connection:
        return {row.key: row.e for row in connection.execute(query, {"kind": kind})}


def clicks(days: int) -> list[dict[str, Any]]:
    """Everybody likes dresses together, day by day."""
    steps = [
        (day, person, item)
        for day in range(days)
        for person, items in (("ann", ("red-dress", "blue-dress")), ("bob", ("red-dress",)))
        for item in items
    ]
    return [
        {
            "id": f"more{n}",
            "kind": "click",
            "person": person,
            "item": item,
            "time": (NOON - timedelta(days=day + 1, minutes=n)).isoformat(),
        }
        for n, (day, person, item) in enumerate(steps)
    ]


def test_a_space_is_stored_for_every_kind_of_node(engine: Engine, tmp_path: Path) -> None:
    apply_spec(engine, open_tiny(engine, tmp_path, WOVEN), Quiet())
    assert len(vectors(engine, "item")) == 6
    assert set(vectors(engine, "person")) == {"ann", "bob", "cat"}
    assert set(vectors(engine, "tag")) == {"wear", "dress", "cup"}
    assert metrics(engine, "space.near")["item.vectors"] == 6


LISTED = WOVEN.replace("dim: 4,", "dim: 4, neighbours: 3, holdout: null,")
LISTS = "SELECT item, other FROM live.similar WHERE step = 'space.near' ORDER BY item, rank"


def test_lists_of_the_nearest_items_are_kept_if_asked_for(engine: Engine, tmp_path: Path) -> None:
    apply_spec(engine, open_tiny(engine, tmp_path, LISTED), Quiet())
    with engine.connect() as connection:
        rows = connection.execute(text(LISTS)).all()
    assert {row.other for row in rows if row.item == "red-dress"} >= {"blue-dress"}
    assert "old-dress" in {row.item for row in rows}, "somebody may have liked it"
    assert "old-dress" not in {row.other for row in rows}, "it is not offered any more"
    assert all(row.item != row.other for row in rows)


def test_a_channel_of_lists_wants_a_space_that_keeps_them(tmp_path: Path) -> None:
    path, channel = tmp_path / "weft.yaml", "  channels:\n    near: {type: neighbours, space: near}"
    path.write_text(LISTED.replace("  channels:", channel))
    open_spec(path)
    path.write_text(WOVEN.replace("  channels:", channel))
    with pytest.raises(SpecError, match="space 'near' keeps no lists"):
        open_spec(path)


def test_what_is_liked_by_the_same_persons_is_near(engine: Engine, tmp_path: Path) -> None:
    apply_spec(engine, open_tiny(engine, tmp_path, WOVEN), Quiet())
    found, ann = vectors(engine, "item"), vectors(engine, "person")["ann"]

    def score(key: str) -> float:
        return sum(a * b for a, b in zip(ann, found[key], strict=True))

    assert score("blue-dress") > score("new-cup")


def test_a_space_is_measured_on_what_came_last(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path, WOVEN)
    with engine.begin() as connection:
        load(connection, spec, "event", clicks(5))
    apply_spec(engine, spec, Quiet())
    found = metrics(engine, "space.near")
    assert {"recall@20", "popular.recall@20", "itemcf.recall@20"} <= set(found)
    assert found["recall@20"] == 1  # there are but six items


def test_nothing_before_the_holdout_means_no_measures(engine: Engine, tmp_path: Path) -> None:
    apply_spec(engine, open_tiny(engine, tmp_path, WOVEN), Quiet())
    assert "recall@20" not in metrics(engine, "space.near")


def test_new_events_of_the_same_day_do_not_train_anew(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path, WOVEN)
    apply_spec(engine, spec, Quiet())
    with engine.begin() as connection:
        load(connection, spec, "event", clicks(1))
    ran = apply_spec(engine, spec, Quiet()).ran
    assert "graph.liked" in ran
    assert "space.near" not in ran


def test_another_option_of_its_edges_trains_anew(engine: Engine, tmp_path: Path) -> None:
    apply_spec(engine, open_tiny(engine, tmp_path, WOVEN), Quiet())
    path = tmp_path / "weft.yaml"
    path.write_text(WOVEN.replace("half_life: 30d", "half_life: 10d"))
    ran = apply_spec(engine, open_spec(path), Quiet()).ran
    assert "space.near" in ran


def test_a_space_over_unknown_edges_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(WOVEN.replace("over: [liked, tagged]", "over: [liekd]"))
    with pytest.raises(SpecError, match="no kind of edge called 'liekd'; there are liked"):
        open_spec(path)


SAGE = WOVEN.replace(
    "{type: linear, over: [liked, tagged], dim: 4, spectrum: 4}",
    "{type: graphsage, over: [liked, tagged], dim: 8, rounds: 3, steps: 5, batch: 8}",
)
NEW = {"key": "green-cup", "title": "green cup", "category": "cup", "price": 9}


def cosine(one: list[float], other: list[float]) -> float:
    return float(np.dot(one, other) / np.linalg.norm(one) / np.linalg.norm(other))


def test_a_new_item_is_placed_without_learning_anew(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path, SAGE)
    with engine.begin() as connection:
        load(connection, spec, "event", clicks(3))
    apply_spec(engine, spec, Quiet())
    assert "green-cup" not in vectors(engine, "item")
    with engine.begin() as connection:
        load(connection, spec, "item", [NEW])
    ran = apply_spec(engine, spec, Quiet()).ran
    assert "newcomers.near" in ran
    assert "space.near" not in ran
    found = vectors(engine, "item")
    new = found["green-cup"]
    assert cosine(new, found["next-cup"]) > cosine(new, found["red-dress"])
    assert metrics(engine, "newcomers.near") == {"item": 1, "person": 0, "tag": 0}


def test_a_newcomer_is_placed_again_when_it_is_liked(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path, SAGE)
    apply_spec(engine, spec, Quiet())
    with engine.begin() as connection:
        load(connection, spec, "item", [NEW])
    apply_spec(engine, spec, Quiet())
    before = vectors(engine, "item")["green-cup"]
    event = {"id": "n1", "kind": "purchase", "person": "ann", "item": "green-cup"}
    with engine.begin() as connection:
        load(connection, spec, "event", [{**event, "time": (NOON - HOUR).isoformat()}])
    apply_spec(engine, spec, Quiet())
    found = vectors(engine, "item")
    assert len(found) == 7
    assert cosine(found["green-cup"], before) < 0.999


@pytest.mark.parametrize("text", [WOVEN.replace("[liked, tagged]", "[liked], neighbours: 3"), SAGE])
def test_a_shop_without_events_is_built_with_an_empty_space(
    engine: Engine, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(text)
    spec = open_spec(path)
    applied = apply_spec(engine, spec, Quiet())
    assert applied.release is not None
    assert vectors(engine, "item") == {}
    open_tiny(engine, tmp_path, text)
    assert "space.near" in apply_spec(engine, spec, Quiet()).ran
    assert len(vectors(engine, "item")) == 6


def test_a_space_whose_past_is_not_kept_is_learned_without_measures(
    engine: Engine, tmp_path: Path
) -> None:
    fond = "  fond: {type: through, path: [liked, tagged]}\nspaces:"
    walked = "{type: deepwalk, over: [liked, fond], dim: 4, walks: 2}"
    text = WOVEN.replace("spaces:", f"  {fond}")
    text = text.replace("{type: linear, over: [liked, tagged], dim: 4, spectrum: 4}", walked)
    spec = open_tiny(engine, tmp_path, text)
    with engine.begin() as connection:
        load(connection, spec, "event", clicks(3))
    apply_spec(engine, spec, Quiet())
    assert "recall@20" not in metrics(engine, "space.near")
    assert len(vectors(engine, "item")) == 6


def test_new_items_are_amid_those_that_share_most_tags_until_they_are_learned(
    engine: Engine, tmp_path: Path
) -> None:
    spec = open_tiny(engine, tmp_path, WOVEN)
    apply_spec(engine, spec, Quiet())
    before = vectors(engine, "item")
    new = {"key": "cup-3", "title": "cup 3", "category": "cup", "published_at": NOON.isoformat()}
    with engine.begin() as connection:
        load(connection, spec, "item", [new])
    apply_spec(engine, spec, Quiet())
    after = vectors(engine, "item")
    kin = np.array([before[key] for key in ("blue-cup", "new-cup", "next-cup")])
    assert {key: after[key] for key in before} == before
    mean = kin.mean(0)
    expected = mean / np.linalg.norm(mean) * np.linalg.norm(kin, axis=1).mean()
    assert np.allclose(after["cup-3"], expected, atol=2e-3)
