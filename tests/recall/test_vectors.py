from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from graph.where import EVERYTHING, read_where
from recall.spaces import storing
from recall.vectors import Of, Per, Store, Strategy, Typed, nearest, nearest_each
from tests.asking import ask
from tests.recall.planning.worlds import DIM, NOON, Shop, make_shop

RANDOM = np.random.default_rng(2).normal(size=(4, DIM)).astype(np.float16).astype(np.float32)
SEARCH = RANDOM[0]
WAYS = (None, Strategy.EXACT, Strategy.SHORTLIST, Strategy.CELLS, Strategy.HNSW)


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Shop:
    return make_shop(engine, tmp_path)


@pytest.mark.parametrize("how", WAYS)
def test_nothing_matches_and_nothing_is_found(shop: Shop, how: Strategy | None) -> None:
    nowhere = read_where({"city": "Nowhere"}, shop.spec.catalog)
    near = ask(
        shop.engine, lambda c: nearest(c, shop.store, SEARCH, 5, nowhere, moment=NOON, how=how)
    )
    assert len(near.ids) == 0
    assert near.told["matched"] == 0


@pytest.mark.parametrize("how", WAYS)
def test_more_are_asked_for_than_there_are(shop: Shop, how: Strategy | None) -> None:
    right = shop.right(SEARCH, EVERYTHING, 999)
    found = shop.ask(lambda c: nearest(c, shop.store, SEARCH, 999, moment=NOON, how=how))
    assert found == right


def test_what_is_left_out_does_not_come(shop: Shop) -> None:
    right = shop.right(SEARCH, EVERYTHING, 20)
    for how in WAYS:
        found = shop.ask(
            lambda c, how=how: nearest(
                c, shop.store, SEARCH, 10, moment=NOON, leave_out=right[:10], how=how
            )
        )
        assert found == right[10:]


def test_several_searches_keep_the_best_score_of_each_item(shop: Shop) -> None:
    everything = {n: max(RANDOM @ shop.vectors[n - 1]) for n in shop.right(SEARCH, EVERYTHING, 999)}
    right = sorted(everything, key=lambda n: -everything[n])[:15]
    for how in WAYS:
        near = ask(
            shop.engine,
            lambda c, how=how: nearest(c, shop.store, RANDOM, 15, moment=NOON, how=how),
        )
        assert near.ids.tolist() == right
        assert near.scores == pytest.approx([everything[n] for n in right], abs=1e-2)


def test_batches_are_apart(shop: Shop) -> None:
    for how in WAYS:
        near = ask(
            shop.engine,
            lambda c, how=how: nearest_each(c, shop.store, RANDOM, 7, moment=NOON, how=how),
        )
        assert [one.ids.tolist() for one in near] == [
            shop.right(search, EVERYTHING, 7) for search in RANDOM
        ]


@pytest.mark.parametrize("how", WAYS)
def test_quotas_of_each_category(shop: Shop, how: Strategy | None) -> None:
    cheap = read_where({"price": {"lt": 15}}, shop.spec.catalog)
    for values in (("dress", "cup", "nothing"), ()):
        per = Per("category", 3, values)
        near = ask(
            shop.engine,
            lambda c, per=per: nearest(c, shop.store, SEARCH, 50, cheap, per, moment=NOON, how=how),
        )
        wanted = [
            number
            for value in values or ("dress", "coat", "cup", "lamp")
            for number in shop.right(
                SEARCH, read_where({"price": {"lt": 15}, "category": value}, shop.spec.catalog), 3
            )
        ]
        assert sorted(near.ids.tolist()) == sorted(wanted)
        assert list(near.scores) == sorted(near.scores, reverse=True)


def test_by_items_persons_and_vectors(shop: Shop) -> None:
    mean = shop.vectors[:3].mean(0).astype(np.float16).astype(np.float32)
    assert shop.ask(
        lambda c: nearest(c, shop.store, Of("item", (1, 2, 3)), 5, moment=NOON)
    ) == shop.right(mean, EVERYTHING, 5)
    assert shop.ask(
        lambda c: nearest(c, shop.store, Of("person", (2,)), 5, moment=NOON)
    ) == shop.right(-shop.vectors[1], EVERYTHING, 5)
    assert shop.ask(
        lambda c: nearest(c, shop.store, Of("item", (1, 2), "max"), 5, moment=NOON)
    ) == shop.ask(lambda c: nearest(c, shop.store, shop.vectors[:2], 5, moment=NOON))


def test_who_has_no_vector_gets_nothing(shop: Shop) -> None:
    for query in (Of("item", (290,)), Of("tag", (1,)), Typed(("dress",)), np.zeros((0, DIM))):
        assert shop.ask(lambda c, query=query: nearest(c, shop.store, query, 5)) == []


def test_a_store_that_is_not_there_is_empty(shop: Shop) -> None:
    nowhere = Store(99, DIM, shop.spec.catalog)
    assert shop.ask(lambda c: nearest(c, nowhere, SEARCH, 5)) == []


def test_a_zero_vector_is_found_last_and_searched_by(shop: Shop) -> None:
    found = shop.ask(lambda c: nearest(c, shop.store, SEARCH, 999, moment=NOON))
    if 8 in found:
        assert SEARCH @ shop.vectors[7] == 0
    zero = np.zeros(DIM, np.float32)
    for how in WAYS:
        near = shop.ask(lambda c, how=how: nearest(c, shop.store, zero, 5, moment=NOON, how=how))
        assert len(near) == 5


def test_other_kinds_are_searched_without_a_filter(shop: Shop) -> None:
    persons = Store(5, DIM, shop.spec.catalog, "person")
    for how in (None, Strategy.EXACT):
        found = shop.ask(
            lambda c, how=how: nearest(c, persons, -shop.vectors[1], 2, moment=NOON, how=how)
        )
        assert found == [2, 1]


def test_vectors_by_category_are_searched(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "FEWEST", 10)
    shop = make_shop(engine, tmp_path, by="category")
    store = Store(5, DIM, shop.spec.catalog, by="category")
    where = read_where({"category": "cup", "price": {"lt": 15}}, shop.spec.catalog)
    near = ask(
        engine,
        lambda c: nearest(c, store, SEARCH, 9, where, moment=NOON, how=Strategy.CATEGORY),
    )
    assert near.told["strategy"] == "category"
    assert near.ids.tolist() == shop.right(SEARCH, where, 9)
