"""What a process knows of all items lets through what the database does, at every moment."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyarrow.lib import ArrowInvalid
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.where import read_where
from recall.candidates import Question
from recall.narrow import Narrow, narrow_by_memory
from recall.offers import standing
from recall.planning.memory import memory_of
from tests.recall.planning.test_fuzzed import FILTERS
from tests.recall.planning.worlds import NOON, SIZE, Shop, holds, make_shop, offered
from weft.database import connect_async

IDS = np.arange(0, SIZE + 10, dtype=np.int32)  # and some that there are not
PARIS = {"city": "Paris"}
Talk = Callable[[AsyncConnection], Awaitable[None]]


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Shop:
    return make_shop(engine, tmp_path)


def live(shop: Shop, talk: Talk) -> None:
    """Keep one pool, and so one memory, for a whole talk."""

    async def run() -> None:
        pool = connect_async(shop.engine.url.render_as_string(hide_password=False))
        try:
            async with pool.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                await talk(connection)
        finally:
            await pool.dispose()

    asyncio.run(run())


async def narrow(
    connection: AsyncConnection, shop: Shop, raw: dict[str, Any], **more: Any
) -> Narrow | None:
    catalog = shop.spec.catalog
    question = Question("home", None, NOON, where=read_where(raw, catalog))
    return await narrow_by_memory(connection, catalog, replace(question, **more))


async def found(connection: AsyncConnection, shop: Shop, raw: dict[str, Any]) -> set[int]:
    made = await narrow(connection, shop, raw)
    assert made is not None
    return set(IDS[made.lets(IDS)].tolist())


async def looked(connection: AsyncConnection, shop: Shop) -> None:
    """Let what is known be brought up to date."""
    known = memory_of(connection).offers_of(shop.spec.catalog)
    known.due = 0.0
    await known.current(connection)
    assert known.task is not None
    await known.task


def right(shop: Shop, raw: dict[str, Any], hours: float = 0) -> set[int]:
    where, moment = read_where(raw, shop.spec.catalog), NOON + timedelta(hours=hours)
    items = enumerate(shop.items, 1)
    return {n for n, item in items if offered(item, moment) and holds(where, item)}


def test_fuzzed_filters_let_through_what_plain_python_does(shop: Shop) -> None:
    hours = st.sampled_from([-25, -1, 0, 1, 13])

    @settings(max_examples=8, deadline=None, phases=(Phase.reuse, Phase.generate))
    @given(asked=st.lists(st.tuples(FILTERS, hours), min_size=20, max_size=40))
    def check(asked: list[tuple[dict[str, Any], int]]) -> None:
        async def talk(connection: AsyncConnection) -> None:
            for raw, hours in asked:
                moment = NOON + timedelta(hours=hours)
                made = await narrow(connection, shop, raw, moment=moment, leave_out=(3, 1))
                assert made is not None
                lets = set(IDS[made.lets(IDS)].tolist())
                assert lets == right(shop, raw, hours) - {1, 3}, (raw, hours)

        live(shop, talk)

    check()


EDITS = {
    "removed": "UPDATE item SET removed_at = now() WHERE id = {id}",
    "elsewhere": """UPDATE item SET attributes = attributes || '{{"city": "Rome"}}'
                    WHERE id = {id}""",
    "over": """UPDATE item SET attributes = attributes || '{{"ends": "2020-01-01T00:00:00Z"}}'
               WHERE id = {id}""",
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_changes_is_seen_by_the_next_question(shop: Shop, edit: str) -> None:
    before = right(shop, PARIS)
    gone = min(before)

    async def talk(connection: AsyncConnection) -> None:
        assert await found(connection, shop, PARIS) == before
        shop.change(EDITS[edit].format(id=gone))
        assert await found(connection, shop, PARIS) == before - {gone}
        await looked(connection, shop)
        assert await found(connection, shop, PARIS) == before - {gone}
        shop.change(f"UPDATE item SET changed_at = now() - interval '1 hour' WHERE id = {gone}")
        assert await found(connection, shop, PARIS) == before - {gone}

    live(shop, talk)


def test_what_comes_is_let_through_at_once(shop: Shop) -> None:
    before, new = right(shop, PARIS), SIZE + 1

    async def talk(connection: AsyncConnection) -> None:
        assert await found(connection, shop, PARIS) == before
        shop.change(f"""
            INSERT INTO item (id, key, title, attributes)
            SELECT {new}, 'new', title, attributes FROM item WHERE id = {min(before)}
        """)
        assert await found(connection, shop, PARIS) == before | {new}
        await looked(connection, shop)
        assert await found(connection, shop, PARIS) == before | {new}

    live(shop, talk)


def test_a_merged_tag_is_meant_by_the_next_question(shop: Shop) -> None:
    cups, dresses = right(shop, {"category": "cup"}), right(shop, {"category": "dress"})

    async def talk(connection: AsyncConnection) -> None:
        assert await found(connection, shop, {"category": "dress"}) == dresses
        shop.change("""
            UPDATE tag SET redirect = (SELECT id FROM tag WHERE key = 'dress') WHERE key = 'cup';
            UPDATE weft.watermark SET changes = changes + 1 WHERE subject = 'tag'
        """)
        assert await found(connection, shop, {"category": "dress"}) == dresses | cups

    live(shop, talk)


def test_too_much_at_once_is_left_to_the_database(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr("recall.narrow.queries.MOST_NEW", 5)

    async def talk(connection: AsyncConnection) -> None:
        assert await narrow(connection, shop, {}) is not None
        shop.change("UPDATE item SET removed_at = now() WHERE id <= 50")
        assert await narrow(connection, shop, {}) is None

    live(shop, talk)


def test_many_changes_are_read_with_all_the_rest(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr(standing, "MANY", 5)

    async def talk(connection: AsyncConnection) -> None:
        assert await narrow(connection, shop, {}) is not None
        known = memory_of(connection).offers_of(shop.spec.catalog)
        first = known.offer
        shop.change("UPDATE item SET removed_at = now() WHERE id <= 50")
        await looked(connection, shop)
        await looked(connection, shop)
        assert known.offer is not None
        assert first is not None
        assert known.offer.serial != first.serial
        assert await found(connection, shop, {}) == right(shop, {}) - set(range(1, 51))

    live(shop, talk)


def test_what_was_read_in_the_same_minutes_is_not_taken_for_new(
    shop: Shop, monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(standing, "MANY", 5)
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)
    monkeypatch.setenv("WEFT_SHARED", str(tmp_path))

    async def talk(connection: AsyncConnection) -> None:
        assert await narrow(connection, shop, {}) is not None
        known = memory_of(connection).offers_of(shop.spec.catalog)
        first = known.offer
        shop.change("UPDATE item SET removed_at = now() WHERE id <= 50")
        await looked(connection, shop)
        await looked(connection, shop)
        assert known.offer is not None
        assert first is not None
        assert known.offer.serial == first.serial
        assert await found(connection, shop, {}) == right(shop, {}) - set(range(1, 51))

    live(shop, talk)


def test_nobody_waits_until_many_items_are_read(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr(standing, "FEW", 10)

    async def talk(connection: AsyncConnection) -> None:
        assert await narrow(connection, shop, {}) is None
        known = memory_of(connection).offers_of(shop.spec.catalog)
        assert known.task is not None
        await known.task
        assert await found(connection, shop, PARIS) == right(shop, PARIS)

    live(shop, talk)


def test_items_that_take_too_much_room_are_left_to_the_database(
    shop: Shop, monkeypatch: Any
) -> None:
    monkeypatch.setattr(standing, "LARGEST", 1_000)

    async def talk(connection: AsyncConnection) -> None:
        assert await narrow(connection, shop, {}) is None
        assert memory_of(connection).offers_of(shop.spec.catalog).task is None

    live(shop, talk)


def test_items_that_cannot_be_read_are_left_to_the_database(shop: Shop, monkeypatch: Any) -> None:
    def broken(*_: Any) -> None:
        raise ArrowInvalid("a row that is no row")

    monkeypatch.setattr(standing, "read_all", broken)

    async def talk(connection: AsyncConnection) -> None:
        assert await narrow(connection, shop, {}) is None

    live(shop, talk)


def test_words_of_any_form_are_known(shop: Shop) -> None:
    long = '\n"上海, ' * 100  # COPY has to quote it
    before = right(shop, PARIS)

    async def talk(connection: AsyncConnection) -> None:
        written = json.dumps({"city": long})
        shop.change(f"UPDATE item SET attributes = attributes || '{written}'"
                    f" WHERE id = {min(before)}".replace(":", "\\:"))  # fmt: skip
        assert await found(connection, shop, PARIS) == before - {min(before)}
        await looked(connection, shop)
        assert await found(connection, shop, {"city": long}) == {min(before)}
        known = memory_of(connection).offers_of(shop.spec.catalog)
        assert known.offer is not None
        assert min(before) in known.offer.late.ids

    live(shop, talk)
