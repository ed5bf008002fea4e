"""Memory never decides: what changes is seen by the next search."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.where import Where, read_where
from recall.planning import loading
from recall.planning.memory import Kept, memory_of
from recall.vectors import Strategy, nearest, warm
from tests.recall.planning.worlds import NOON, Shop, make_shop
from weft.database import connect_async

SEARCH = np.random.default_rng(4).normal(size=8).astype(np.float16).astype(np.float32)


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Shop:
    return make_shop(engine, tmp_path)


def live(shop: Shop, talk: Callable[[AsyncConnection], Awaitable[None]]) -> None:
    """Keep one pool, and so one memory, for a whole talk."""

    async def run() -> None:
        pool = connect_async(shop.engine.url.render_as_string(hide_password=False))
        async with pool.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await talk(connection)
        await pool.dispose()

    asyncio.run(run())


async def found(
    connection: AsyncConnection, shop: Shop, where: Where, k: int = 10, hours: float = 0
) -> list[int]:
    moment = NOON + timedelta(hours=hours)
    way = Strategy.SHORTLIST
    near = await nearest(connection, shop.store, SEARCH, k, where, moment=moment, how=way)
    assert near.told["strategy"] == "shortlist"
    return [int(number) for number in near.ids]


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE item SET removed_at = now(), changed_at = now() WHERE id = {id}",
        "UPDATE item SET removed_at = now() WHERE id = {id}",
        """UPDATE item SET attributes = attributes || '{{"city": "Rome"}}' WHERE id = {id}""",
    ],
)
def test_what_is_let_through_no_longer_is_gone_at_once(shop: Shop, edit: str) -> None:
    where = read_where({"city": "Paris"}, shop.spec.catalog)

    async def talk(connection: AsyncConnection) -> None:
        before = await found(connection, shop, where)
        shop.change(edit.format(id=before[0]).replace(":", "\\:"))
        assert before[0] not in await found(connection, shop, where)
        assert (await found(connection, shop, where))[:9] == before[1:]

    live(shop, talk)


def test_what_is_let_through_from_now_on_comes_at_once(shop: Shop) -> None:
    where = read_where({"city": "Paris"}, shop.spec.catalog)
    best = shop.right(SEARCH, read_where({"city": "Rome"}, shop.spec.catalog), 1)[0]

    async def talk(connection: AsyncConnection) -> None:
        assert best not in await found(connection, shop, where, 200)
        shop.change(
            """UPDATE item SET changed_at = now(),
            attributes = attributes || '{"city"\\: "Paris"}' WHERE id = """
            + str(best)
        )
        assert best in await found(connection, shop, where, 200)

    live(shop, talk)


def test_a_change_that_was_under_way_comes_when_it_is_committed(shop: Shop) -> None:
    where = read_where({"city": "Paris"}, shop.spec.catalog)
    best = shop.right(SEARCH, read_where({"city": "Rome"}, shop.spec.catalog), 1)[0]

    async def talk(connection: AsyncConnection) -> None:
        with shop.engine.begin() as other:
            other.exec_driver_sql(
                "UPDATE item SET changed_at = now(), attributes = attributes || "
                f"""'{{"city": "Paris"}}' WHERE id = {best}"""
            )
            assert best not in await found(connection, shop, where, 200)
        assert best in await found(connection, shop, where, 200)

    live(shop, talk)


MERGE = """
UPDATE tag SET redirect = (SELECT id FROM tag WHERE key = 'dress') WHERE key = 'cup';
UPDATE weft.watermark SET changes = changes + 1 WHERE subject = 'tag'
"""
PART = """
UPDATE tag SET redirect = NULL WHERE key = 'cup';
UPDATE weft.watermark SET changes = changes + 1 WHERE subject = 'tag'
"""


@pytest.mark.parametrize("how", [None, Strategy.SHORTLIST])
@pytest.mark.parametrize("test", ["dress", {"in": ["dress", "coat"]}])
def test_merged_tags_are_followed_until_they_are_parted(
    shop: Shop, test: object, how: Strategy | None
) -> None:
    where = read_where({"category": test}, shop.spec.catalog)
    own = shop.right(SEARCH, where, 200)
    cups = shop.right(SEARCH, read_where({"category": "cup"}, shop.spec.catalog), 200)

    async def talk(connection: AsyncConnection) -> None:
        for edit, right in (("", own), (MERGE, own + cups), ("", own + cups), (PART, own)):
            if edit:
                shop.change(edit)
            near = await nearest(connection, shop.store, SEARCH, 200, where, moment=NOON, how=how)
            assert sorted(near.ids.tolist()) == sorted(right)
            assert near.told["strategy"] in ("cells", "shortlist")

    live(shop, talk)


def test_what_is_merged_into_a_refused_tag_is_gone_at_once(shop: Shop) -> None:
    where = read_where({"not": {"category": "dress"}}, shop.spec.catalog)
    cups = shop.right(SEARCH, read_where({"category": "cup"}, shop.spec.catalog), 200)

    async def talk(connection: AsyncConnection) -> None:
        before = await nearest(connection, shop.store, SEARCH, 300, where, moment=NOON)
        shop.change(MERGE)
        after = await nearest(connection, shop.store, SEARCH, 300, where, moment=NOON)
        assert sorted([*after.ids.tolist(), *cups]) == sorted(before.ids.tolist())

    live(shop, talk)


def test_what_begins_or_ends_meanwhile_comes_or_goes(shop: Shop) -> None:
    async def talk(connection: AsyncConnection) -> None:
        everything = read_where({}, shop.spec.catalog)
        for hours in (0, 23, 25, -2, 0):
            moment = NOON + timedelta(hours=hours)
            right = shop.right(SEARCH, everything, 300, moment)
            near = await nearest(connection, shop.store, SEARCH, 300, everything, moment=moment)
            assert sorted(near.ids.tolist()) == sorted(right)

    live(shop, talk)


def test_what_matches_and_begins_later_comes_in_time(shop: Shop) -> None:
    where = read_where({"city": "Paris"}, shop.spec.catalog)

    async def talk(connection: AsyncConnection) -> None:
        for hours in (0, 23, 25, 0):
            right = shop.right(SEARCH, where, 300, NOON + timedelta(hours=hours))
            assert sorted(await found(connection, shop, where, 300, hours)) == sorted(right)

    live(shop, talk)


def test_newcomers_are_found_before_memory_knows_them(shop: Shop) -> None:
    async def talk(connection: AsyncConnection) -> None:
        everything = read_where({}, shop.spec.catalog)
        await found(connection, shop, everything)
        vector = (SEARCH * 100).tolist()
        shop.change(
            "INSERT INTO derived.vector_5_item (artifact, kind, id, e) "
            f"SELECT 5, 'item', id, '{vector}' FROM item WHERE id > 280 AND id <= 290 "
            f"AND begins < '{NOON}' AND ends > '{NOON}'"
        )
        near = await found(connection, shop, everything)
        assert any(number > 280 for number in near)

    live(shop, talk)


def test_many_changes_make_memory_be_filled_anew(shop: Shop) -> None:
    async def talk(connection: AsyncConnection) -> None:
        where = read_where({"new": True}, shop.spec.catalog)
        before = await found(connection, shop, where)
        shop.change("""
            INSERT INTO item (id, key, title, attributes)
            SELECT n, 'x' || n, 'late', '{"new"\\: true}' FROM generate_series(1001, 1600) AS n
        """)
        near = await nearest(connection, shop.store, SEARCH, 10, where, moment=NOON)
        assert near.ids.tolist() == before

    live(shop, talk)


def test_many_are_gone_and_as_many_come_instead(shop: Shop) -> None:
    where = read_where({"new": True}, shop.spec.catalog)
    right = shop.right(SEARCH, where, 40)

    async def talk(connection: AsyncConnection) -> None:
        assert await found(connection, shop, where) == right[:10]
        gone = ",".join(map(str, right[:25]))
        shop.change(f"UPDATE item SET removed_at = now() WHERE id IN ({gone})")
        assert await found(connection, shop, where) == right[25:35]

    live(shop, talk)


def test_no_search_waits_until_memory_is_filled(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "FEW", 0)
    where = read_where({"city": "Paris"}, shop.spec.catalog)

    async def talk(connection: AsyncConnection) -> None:
        first = await nearest(connection, shop.store, SEARCH, 10, where, moment=NOON)
        assert first.told["strategy"] == "exact"
        await warm(connection, shop.store)
        after = await nearest(connection, shop.store, SEARCH, 10, where, moment=NOON)
        assert after.told["strategy"] == "shortlist"
        assert first.ids.tolist() == after.ids.tolist() == shop.right(SEARCH, where, 10)

    live(shop, talk)


def test_settings_do_not_outlive_a_search(shop: Shop) -> None:
    async def shown(connection: AsyncConnection) -> str:
        row = await connection.exec_driver_sql("SELECT current_setting('hnsw.ef_search', true)")
        return str(row.scalar())

    async def talk(connection: AsyncConnection) -> None:
        await nearest(connection, shop.store, SEARCH, 250, moment=NOON, how=Strategy.HNSW)
        assert await shown(connection) in ("40", "None", "")

    async def in_a_transaction() -> None:
        pool = connect_async(shop.engine.url.render_as_string(hide_password=False))
        async with pool.connect() as connection:
            await nearest(connection, shop.store, SEARCH, 250, moment=NOON, how=Strategy.HNSW)
            assert await shown(connection) in ("40", "None", "")
        await pool.dispose()

    live(shop, talk)
    asyncio.run(in_a_transaction())


def test_memory_is_bounded() -> None:
    kept: Kept[str] = Kept(10)
    for number in range(8):
        kept.keep(number, "x", 3)
    assert list(kept.values) == [5, 6, 7]
    kept.keep(9, "large", 30)
    assert list(kept.values) == [9]


def test_each_database_has_a_memory_of_its_own(shop: Shop) -> None:
    async def talk(connection: AsyncConnection) -> None:
        memories.append(memory_of(connection))

    memories: list[object] = []
    live(shop, talk)
    live(shop, talk)
    assert memories[0] is not memories[1]


def test_what_changes_and_is_still_let_through_comes_once(shop: Shop) -> None:
    where = read_where({"city": "Paris"}, shop.spec.catalog)

    async def talk(connection: AsyncConnection) -> None:
        before = await found(connection, shop, where)
        shop.change(f"UPDATE item SET title = 'another' WHERE id = {before[0]}")
        assert await found(connection, shop, where) == before

    live(shop, talk)
