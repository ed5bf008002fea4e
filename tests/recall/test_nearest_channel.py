from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.building import apply_spec
from api.spec import Spec, channels_around, open_spec
from graph.where import read_where
from recall.candidates import Candidates, History, Question, Warmed
from recall.channels.spec import Ready
from recall.planning.memory import memory_of
from tests.asking import ask
from tests.tiny import NOON, TEXT, open_tiny
from weft.errors import SpecError
from weft.releases import read_live
from weft.running import Quiet

WOVEN = (
    TEXT.replace(
        "    fresh:",
        """\
    near: {type: nearest, space: near}
    last: {type: nearest, space: near, query: last}
    each: {type: nearest, space: near, query: max, per: category}
    fresh:""",
    )
    + """
graph:
  edges:
    tagged: {type: tags}
    liked: {type: events, half_life: 30d}
spaces:
  near: {type: linear, over: [liked, tagged], dim: 4, spectrum: 4}
"""
)


@pytest.fixture
def tiny(engine: Engine, tmp_path: Path) -> Spec:
    spec = open_tiny(engine, tmp_path, WOVEN)
    apply_spec(engine, spec, Quiet())
    return spec


def find(engine: Engine, spec: Spec, channel: str, **asked: Any) -> tuple[list[str], Candidates]:
    with engine.connect() as connection:
        live = read_live(connection)
        keys = {row.id: row.key for row in connection.execute(text("SELECT id, key FROM item"))}
        persons = dict(connection.execute(text("SELECT key, id FROM person")).all())
    assert live is not None
    ids = {key: number for number, key in keys.items()}
    finder = spec.recall.channels[channel].finder(
        channel, Ready(live.artifacts, channels_around(spec))
    )
    done = [ids[key] for key in asked.get("history", [])]
    ones = np.ones(len(done))
    question = Question(
        "home",
        persons.get(asked.get("person", "")),
        NOON,
        where=read_where(asked.get("where"), spec.catalog),
        leave_out=tuple(ids[key] for key in asked.get("leave_out", [])),
        history=History(np.array(done, np.int32), ones.astype(np.float32), ones),
    )
    found = ask(engine, lambda connection: finder.find(connection, question, 10))
    return [keys[int(number)] for number in found.items], found


def test_a_person_is_searched_by_their_vector(engine: Engine, tiny: Spec) -> None:
    keys, found = find(engine, tiny, "near", person="ann")
    assert keys[0] in ("red-dress", "blue-dress")
    assert {"strategy", "estimated", "matched", "recall"} <= set(found.told)


def test_who_is_not_known_is_where_their_history_is(engine: Engine, tiny: Spec) -> None:
    keys, _ = find(engine, tiny, "near", history=["blue-cup"])
    assert keys[0] in ("blue-cup", "new-cup")


def test_who_was_not_known_when_it_learned_is_where_their_history_is(
    engine: Engine, tiny: Spec
) -> None:
    with engine.begin() as connection:
        nought = "UPDATE derived.vector SET e = e - e WHERE kind = 'person'"
        connection.execute(text(nought))
    assert find(engine, tiny, "near", person="ann")[0] == []
    keys, _ = find(engine, tiny, "near", person="ann", history=["blue-cup"])
    assert keys[0] in ("blue-cup", "new-cup")


def test_the_last_item_alone(engine: Engine, tiny: Spec) -> None:
    keys, _ = find(engine, tiny, "last", history=["blue-cup", "red-dress", "blue-dress"])
    assert keys[0] in ("blue-cup", "new-cup")


def test_categories_have_quotas(engine: Engine, tiny: Spec) -> None:
    keys, _ = find(engine, tiny, "each", history=["blue-cup", "red-dress"])
    assert {key.split("-")[1] for key in keys[:4]} == {"cup", "dress"}
    only, _ = find(engine, tiny, "each", history=["blue-cup"])
    assert {key.split("-")[1] for key in only} == {"cup"}


def test_filters_and_what_is_left_out_hold(engine: Engine, tiny: Spec) -> None:
    keys, _ = find(engine, tiny, "near", person="ann", where={"city": "Rome"})
    assert set(keys) == {"blue-cup", "new-cup"}
    keys, _ = find(engine, tiny, "near", person="ann", leave_out=["red-dress"])
    assert "red-dress" not in keys
    assert not {"old-dress", "next-cup"} & set(keys)


def test_memory_is_filled_before_somebody_asks(engine: Engine, tiny: Spec) -> None:
    with engine.connect() as connection:
        live = read_live(connection)
    assert live is not None
    ready = Ready(live.artifacts, channels_around(tiny))
    finder = tiny.recall.channels["near"].finder("near", ready)
    assert isinstance(finder, Warmed)

    async def filled(connection: AsyncConnection) -> list[object]:
        await finder.warm(connection)
        return list(memory_of(connection).codes.values)

    assert ask(engine, filled) == [(live.artifacts["space.near"], "item")]


def test_nothing_is_known_and_nothing_is_found(engine: Engine, tiny: Spec) -> None:
    assert find(engine, tiny, "near")[0] == []
    assert find(engine, tiny, "each", person="ann")[0] == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("space: nere", "no space called 'nere'; there are near"),
        ("space: near, per: price", "no filter with one word for each item called 'price'"),
    ],
)
def test_references_are_checked(tmp_path: Path, wrong: str, words: str) -> None:
    path = tmp_path / "weft.yaml"
    path.write_text(
        WOVEN.replace("near: {type: nearest, space: near}", f"near: {{type: nearest, {wrong}}}")
    )
    with pytest.raises(SpecError, match=words):
        open_spec(path)
