"""What `bench.ann` asks: filters of every kind at every selectivity, with the right answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.ann_data import SHARES, World, name_of

TOP = 50


@dataclass(frozen=True)
class Cell:
    """One filter: as Weft takes it, as SQL on one plain table, and what it lets through."""

    family: str
    share: float
    where: Mapping[str, Any]
    sql: str
    allowed: NDArray[np.bool_]  # (items,)
    asked: NDArray[np.int64]  # numbers of the queries that are asked under it


def cells_of(world: World, count: int) -> Iterator[Cell]:
    """Give every cell with `count` queries each."""
    every = np.arange(len(world.queries))[:count]
    yes = np.ones(len(world.vectors), bool)
    yield Cell("no filter", 1.0, {}, "true", yes, every)
    for place, share in enumerate(SHARES):
        category, shelf, tag = (name_of(letter, share) for letter in "cst")
        inside = world.categories == category
        near = np.flatnonzero(world.origins == category)
        away = np.flatnonzero(world.origins != category)[:count]
        named = {"category": category}, f"category = '{category}'", inside
        yield Cell("category, far", share, *named, away)
        yield Cell("category, near", share, *named, near[:count] if len(near) > 9 else every)
        by_shelf = {"shelf": shelf}, f"shelf = '{shelf}'", world.shelves == shelf
        yield Cell("shelf", share, *by_shelf, every)
        yield Cell("price", share, *_cheap(world, share), every)
        tagged = world.styles[:, place]
        yield Cell("tag", share, {"styles": tag}, f"styles && ARRAY['{tag}']", tagged, every)
        yield from _conjunctions(world, share, every)
    yield from _nothing(world, every)


def truth(world: World, cell: Cell) -> list[NDArray[np.int64]]:
    """Give the ids of the nearest for each query of a cell, by looking at all."""
    inside = np.flatnonzero(cell.allowed)
    scores = world.queries[cell.asked] @ world.vectors[inside].T
    return [inside[np.argsort(-row, kind="stable")[:TOP]] + 1 for row in scores]


def _cheap(world: World, share: float) -> tuple[Mapping[str, Any], str, NDArray[np.bool_]]:
    bound = 100 * share
    return {"price": {"lt": bound}}, f"price < {bound!r}", world.prices < bound


def _conjunctions(world: World, share: float, every: NDArray[np.int64]) -> Iterator[Cell]:
    """Half of the items by one filter, and of these as many by price as are wanted."""
    if share > 0.25:
        return
    where, sql, cheap = _cheap(world, 2 * share)
    half = world.categories == "c50"
    named = {"category": "c50", **where}, f"category = 'c50' AND {sql}", half & cheap
    yield Cell("category and price", share, *named, every)
    tagged = world.styles[:, 0] & cheap
    where, sql = {"styles": "t50", **where}, f"styles && ARRAY['t50'] AND {sql}"
    yield Cell("tag and price", share, where, sql, tagged, every)


def _nothing(world: World, every: NDArray[np.int64]) -> Iterator[Cell]:
    no = np.zeros(len(world.vectors), bool)
    yield Cell("shelf", 0.0, {"shelf": "none"}, "shelf = 'none'", no, every)
    yield Cell("price", 0.0, {"price": {"lt": -1}}, "price < -1", no, every)
    both = {"category": "c50", "price": {"gt": 100}}
    yield Cell("category and price", 0.0, both, "category = 'c50' AND price > 100", no, every)
