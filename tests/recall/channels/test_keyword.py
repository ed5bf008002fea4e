import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, make_url, text

from api.building import apply_spec
from api.spec import Spec, channels_around, open_spec
from graph.where import EVERYTHING, read_where
from recall.candidates import Candidates, Question
from recall.channels.spec import Ready
from tests.asking import ask
from tests.conftest import administer
from tests.tiny import NOON, TEXT, load, open_tiny
from weft.database import connect
from weft.errors import SpecError
from weft.releases import read_live
from weft.running import Quiet

SHOP = (
    TEXT.replace("  channels:", "  channels:\n    search: {type: keyword, space: intent}")
    + """
graph:
  edges:
    tagged: {type: tags}
    liked: {type: events, half_life: 30d}
spaces:
  intent:
    {type: keyword-dssm, units: [tagged], fits: [tagged], dim: 8, steps: 60, batch: 16,
     negatives: 4, buckets: 4096, holdout: null}
"""
)
NEW = [{"key": "robe", "title": "robe violette", "category": "dress", "published_at": None}]


@pytest.fixture(scope="module")
def engine(server: str, template: str) -> Iterator[Engine]:
    """One database for this file: a space that reads takes a while to learn."""
    name = f"weft_keyword_{uuid.uuid4().hex[:8]}"
    administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    pool = connect(make_url(server).set(database=name).render_as_string(hide_password=False))
    yield pool
    pool.dispose()
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def shop(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Spec:
    spec = open_tiny(engine, tmp_path_factory.mktemp("shop"), SHOP)
    with engine.begin() as connection:
        load(connection, spec, "item", NEW)
    apply_spec(engine, spec, Quiet())
    return spec


def search(
    engine: Engine,
    spec: Spec,
    keyword: str | None,
    where: Mapping[str, Any] | None = None,
    leave_out: tuple[str, ...] = (),
    top: int = 10,
) -> tuple[list[str], Candidates]:
    with engine.connect() as connection:
        live = read_live(connection)
        keys = {row.id: row.key for row in connection.execute(text("SELECT id, key FROM item"))}
    assert live is not None
    ids = {key: number for number, key in keys.items()}
    finder = spec.recall.channels["search"].finder(
        "search", Ready(live.artifacts, channels_around(spec))
    )
    question = Question(
        scene="home",
        person=None,
        moment=NOON,
        where=read_where(where, spec.catalog) if where else EVERYTHING,
        leave_out=tuple(ids[key] for key in leave_out),
        keyword=keyword,
    )
    found = ask(engine, lambda connection: finder.find(connection, question, top))
    return [keys[item] for item in found.items.tolist()], found


def test_what_is_typed_is_found(engine: Engine, shop: Spec) -> None:
    keys, found = search(engine, shop, "Blue cups")
    assert keys[0] == "blue-cup"
    assert (np.diff(found.scores) <= 0).all()

    assert {"red-dress", "blue-dress"} < set(search(engine, shop, "dress")[0])
    assert search(engine, shop, "dress")[0].index("robe") < len(keys), "its tag says so"

    unseen, _ = search(engine, shop, "dresss")
    assert unseen, "a word that nobody knows is read by its letters"
    assert unseen[0] in {"red-dress", "blue-dress", "robe"}

    assert search(engine, shop, None)[0] == search(engine, shop, " ")[0] == []
    assert search(engine, shop, "新")[0] == [], "nothing is known of it"


def test_every_score_is_told_by_its_parts(engine: Engine, shop: Spec) -> None:
    _, found = search(engine, shop, "blue dress")
    assert set(found.told) == {"lexical", "tags", "intent", "nearest"}
    parts = [found.told[name] for name in ("lexical", "tags", "intent")]
    assert np.allclose(sum(parts), found.scores)
    assert all(len(part) == len(found.items) for part in parts)
    assert found.told["nearest"]["strategy"] == "shortlist", "the planner says how it searched"


def test_filters_and_what_is_left_out_are_kept_to(engine: Engine, shop: Spec) -> None:
    assert set(search(engine, shop, "cup", {"city": "Rome"})[0]) <= {"blue-cup", "new-cup"}
    whole, _ = search(engine, shop, "cup dress")
    assert "next-cup" not in whole, "it is not offered yet"
    assert "old-dress" not in whole, "it is not offered any more"
    rest, _ = search(engine, shop, "cup dress", leave_out=(whole[0],))
    assert whole[0] not in rest
    assert len(search(engine, shop, "cup dress", top=2)[0]) == 2


def test_new_items_are_found_by_vectors_without_learning_anew(engine: Engine, shop: Spec) -> None:
    with engine.begin() as connection:
        load(connection, shop, "item", [{"key": "gown", "title": "gown", "category": "dress"}])
    apply_spec(engine, shop, Quiet())
    keys, found = search(engine, shop, "dress")
    near = dict(zip(keys, found.told["intent"], strict=True))
    assert near["gown"] > max(near["blue-cup"], near["new-cup"])


def test_words_are_listed_after_titles_are_read(tmp_path: Path) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(TEXT.replace("  channels:", "  channels:\n    search: {type: keyword}"))
    path.write_text(path.read_text() + "text: {languages: [en]}\n")
    spec = open_spec(path)
    step = spec.recall.channels["search"].step("search", channels_around(spec))
    assert step is not None
    assert step.needs == ("text.tags",)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("space: nowhere", "no reading spaces"),
        ("fields: {colour: 2}", "no field called 'colour'"),
    ],
)
def test_a_wrong_name_is_told(tmp_path: Path, said: str, wrong: str) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(
        TEXT.replace("  channels:", f"  channels:\n    search: {{type: keyword, {said}}}")
    )
    with pytest.raises(SpecError, match=wrong):
        open_spec(path)


def test_how_it_is_asked_makes_nothing_anew(tmp_path: Path) -> None:
    sections = []
    for said in ("", ", pool: 50, blend: {tags: 1}, deadline: 80ms", ", k1: 2"):
        path = tmp_path / "weft.yaml"
        said = f"  channels:\n    search: {{type: keyword{said}}}"
        path.write_text(TEXT.replace("  channels:", said))
        spec = open_spec(path)
        step = spec.recall.channels["search"].step("search", channels_around(spec))
        assert step is not None
        sections.append(step.section)
    assert sections[0] == sections[1] != sections[2]
