"""What is remembered of tags means what the database would look up."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.meaning import PLAIN, Meaning, tags_in
from graph.queries import clause
from graph.tables import item
from graph.where import read_where
from recall.planning.meanings import meaning_of
from recall.planning.memory import memory_of
from tests.asking import ask
from tests.recall.planning.worlds import Shop, make_shop

FILTERS: list[dict[str, Any]] = [
    {"category": "dress"},
    {"category": "cup"},
    {"category": "nothing"},
    {"category": {"in": ["cup", "lamp", "nothing"]}},
    {"category": {"in": []}},
    {"category": {"under": "wear"}},
    {"category": {"under": "cup"}},
    {"category": {"under": "soft"}},
    {"not": {"category": {"under": "nothing"}}},
    {"not": {"category": {"in": ["dress", "coat"]}}},
    {"styles": "old"},
    {"or": [{"styles": {"in": ["soft", "wild"]}}, {"category": "cup"}]},
]


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Shop:
    made = make_shop(engine, tmp_path)
    made.change("""
        UPDATE tag SET redirect = (SELECT id FROM tag WHERE key = 'dress') WHERE key = 'cup';
        UPDATE tag SET redirect = (SELECT id FROM tag WHERE key = 'old') WHERE key = 'wild'
    """)
    return made


def test_filters_let_through_the_same_with_what_is_remembered(shop: Shop) -> None:
    catalog = shop.spec.catalog

    async def both(connection: AsyncConnection, raw: Mapping[str, Any]) -> tuple[Any, Any]:
        where = read_where(raw, catalog)
        meaning = await meaning_of(connection, memory_of(connection), tags_in(where, catalog))
        conditions = clause(where, catalog, meaning), clause(where, catalog)
        asked = [select(item.c.id).where(one).order_by(item.c.id) for one in conditions]
        first, second = [(await connection.execute(one)).scalars().all() for one in asked]
        return first, second

    async def all_of_them(connection: AsyncConnection) -> list[tuple[Any, Any]]:
        return [await both(connection, raw) for raw in FILTERS]

    answers = ask(shop.engine, all_of_them)
    for raw, (remembered, looked_up) in zip(FILTERS, answers, strict=True):
        assert remembered == looked_up, raw
    assert sum(bool(looked_up) for _, looked_up in answers) >= 8


def test_filters_without_tags_mean_what_they_say(shop: Shop) -> None:
    where = read_where({"price": {"lt": 3}, "styles": {"exists": True}}, shop.spec.catalog)
    assert tags_in(where, shop.spec.catalog) == ()

    async def read(connection: AsyncConnection) -> Meaning:
        return await meaning_of(connection, memory_of(connection), ())

    assert ask(shop.engine, read) is PLAIN
