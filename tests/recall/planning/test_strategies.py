from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from graph.where import read_where
from recall.vectors import Strategy, nearest
from tests.recall.planning.worlds import NOON, Shop, make_shop


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Shop:
    return make_shop(engine, tmp_path)


SEARCH = np.random.default_rng(9).normal(size=8).astype(np.float16).astype(np.float32)
FORCED = (Strategy.EXACT, Strategy.SHORTLIST, Strategy.CELLS, Strategy.HNSW)
FILTERS: list[dict[str, Any]] = [
    {},
    {"city": "上海"},
    {"category": {"under": "wear"}, "price": {"lt": 12}},
    {"styles": {"in": ["soft", "wild"]}},
    {"not": {"city": "Rome"}, "or": [{"new": True}, {"price": {"gte": 15}}]},
    {"city": "nowhere"},
]


@pytest.mark.parametrize("how", [None, *FORCED])
@pytest.mark.parametrize("raw", FILTERS)
def test_every_way_finds_the_same(
    engine: Engine, shop: Shop, how: Strategy | None, raw: dict[str, Any]
) -> None:
    where = read_where(raw, shop.spec.catalog)
    found = shop.ask(lambda c: nearest(c, shop.store, SEARCH, 10, where, moment=NOON, how=how))
    assert found == shop.right(SEARCH, where, 10)
