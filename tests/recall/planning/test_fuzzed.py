"""Fuzzed filters: never an error of SQL, never an item that the filter does not let through."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from graph.where import read_where
from recall.vectors import Strategy, nearest
from tests.recall.planning.worlds import (
    CATEGORIES,
    CITIES,
    DIM,
    NOON,
    SIZE,
    STYLES,
    Shop,
    make_shop,
)
from tests.tiny import at
from weft.database import connect_async


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Shop:
    return make_shop(engine, tmp_path)


def words(*known: str) -> st.SearchStrategy[str]:
    return st.sampled_from(known) | st.text(max_size=4).filter(lambda word: "\0" not in word)


def some_test(values: st.SearchStrategy[Any], *verbs: str) -> st.SearchStrategy[Any]:
    single = st.tuples(st.sampled_from(verbs), values).map(lambda pair: {pair[0]: pair[1]})
    some = st.lists(values, max_size=3).map(lambda listed: {"in": listed})
    return single | some | st.booleans().map(lambda yes: {"exists": yes})


NUMBERS = st.integers(-1, 21) | st.floats(-1e300, 1e300)
COMPARED = ("eq", "gt", "gte", "lt", "lte")
MOMENTS = st.sampled_from([at(hours) for hours in (-24, -1, 0, 12, 24)])
PARTS = st.one_of(
    some_test(words(*CATEGORIES, "wear", "home"), "eq", "under").map(lambda t: {"category": t}),
    some_test(words(*CITIES), "eq").map(lambda t: {"city": t}),
    some_test(words(*STYLES), "eq").map(lambda t: {"styles": t}),
    some_test(NUMBERS, *COMPARED).map(lambda t: {"price": t}),
    some_test(MOMENTS, *COMPARED).map(lambda t: {"begins": t}),
    st.booleans().map(lambda yes: {"new": yes}),
)
FILTERS = st.recursive(
    PARTS,
    lambda part: st.one_of(
        st.lists(part, max_size=3).map(lambda parts: {"or": parts}),
        st.lists(part, max_size=3).map(lambda parts: {"and": parts}),
        part.map(lambda one: {"not": one}),
    ),
    max_leaves=6,
)
WAYS = st.sampled_from([None, Strategy.EXACT, Strategy.SHORTLIST, Strategy.CELLS, Strategy.HNSW])


def test_fuzzed_filters_let_through_what_plain_python_does(shop: Shop) -> None:
    @settings(max_examples=12, deadline=None, phases=(Phase.reuse, Phase.generate))
    @given(asked=st.lists(st.tuples(FILTERS, WAYS, st.integers(1, 400)), min_size=6, max_size=12))
    def check(asked: list[tuple[dict[str, Any], Strategy | None, int]]) -> None:
        asyncio.run(compare(shop, asked))

    check()


async def compare(shop: Shop, asked: list[tuple[dict[str, Any], Strategy | None, int]]) -> None:
    search = np.random.default_rng(1).normal(size=DIM).astype(np.float16).astype(np.float32)
    pool = connect_async(shop.engine.url.render_as_string(hide_password=False))
    try:
        async with pool.connect() as connection:
            for raw, how, k in asked:
                where = read_where(raw, shop.spec.catalog)
                near = await nearest(connection, shop.store, search, k, where, moment=NOON, how=how)
                right = shop.right(search, where, SIZE)
                assert set(near.ids.tolist()) <= set(right), (raw, how)
                if how is Strategy.HNSW:  # which may miss one in a hundred
                    assert len(near.ids) >= 0.9 * min(k, len(right)) - 1, raw
                    continue
                assert len(near.ids) == min(k, len(right)), (raw, how)
                assert near.ids.tolist()[:20] == right[:k][:20], (raw, how)
    finally:
        await pool.dispose()
