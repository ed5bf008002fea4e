"""Made-up clicks that networks are raced on: with pasts, and with ten plain fields."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ranking.examples import Columns, Examples, Field, Inputs, Layout, Past, Side, nothing

PERSONS, ITEMS, CATEGORIES, CITIES, STEPS, LIKED = 20_000, 10_000, 20, 50, 50, 3
SIZES = (1000, 4000, 8, 8, 3, 3, 10, 10, 80, 230)  # as many apps, users and moments as in Frappe
TOLD = 8  # numbers that make up how two fields go together
Arrays = Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True)
class Clicks:
    """Columns by name, a row for each pair, and what came of it."""

    columns: Arrays  # codes from 1 on; pasts (rows, STEPS), filled up with 0 at the end
    labels: NDArray[np.float32]

    def part(self, rows: slice) -> "Clicks":
        """Give some of the rows."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Clicks(columns, self.labels[rows])


def pasts(rows: int, shortest: int) -> Clicks:
    """Persons like some categories, and take an item of these oftener the oftener they did."""
    draws = np.random.default_rng(1)
    category = np.arange(ITEMS) % CATEGORIES
    liked = draws.integers(0, CATEGORIES, (PERSONS, LIKED))
    worth = draws.normal(0, 0.8, CATEGORIES)
    person = draws.integers(0, PERSONS, rows)
    length = draws.integers(shortest, STEPS + 1, rows)
    mine = draws.random((rows, STEPS)) < 0.6
    picks = np.take_along_axis(liked[person], draws.integers(0, LIKED, (rows, STEPS)), 1)
    done = np.where(mine, picks, draws.integers(0, CATEGORIES, (rows, STEPS)))
    items = done + CATEGORIES * draws.integers(0, ITEMS // CATEGORIES, (rows, STEPS))
    known = np.arange(STEPS) < length[:, None]
    wanted = np.where(draws.random(rows) < 0.5, picks[:, 0], draws.integers(0, CATEGORIES, rows))
    item = wanted + CATEGORIES * draws.integers(0, ITEMS // CATEGORIES, rows)
    often = ((done == wanted[:, None]) & known).sum(1) / length
    chance = 1 / (1 + np.exp(2 - 9 * often - worth[wanted]))
    columns = {
        "person": person + 1,
        "city": person % CITIES + 1,
        "item": item + 1,
        "category": category[item] + 1,
        "hist_item": np.where(known, items + 1, 0),
        "hist_category": np.where(known, category[items] + 1, 0),
        "length": length,
    }
    return Clicks(columns, (draws.random(rows) < chance).astype(np.float32))


def fields(rows: int) -> Clicks:
    """Ten fields, some codes oftener than others, of which every two go together or do not."""
    draws = np.random.default_rng(2)
    codes = np.stack([(n * draws.random(rows) ** 2).astype(np.int64) for n in SIZES], 1)
    told = [draws.normal(0, 1, (size, TOLD)) for size in SIZES]
    vectors = np.stack([some[codes[:, n]] for n, some in enumerate(told)], 1)
    crossed = (vectors.sum(1) ** 2 - (vectors**2).sum(1)).sum(1)
    chance = 1 / (1 + np.exp(-crossed / crossed.std() * 1.5))
    columns = {f"field{n}": codes[:, n] + 1 for n in range(len(SIZES))}
    return Clicks(columns, (draws.random(rows) < chance).astype(np.float32))


def sizes_of(name: str) -> dict[str, int]:
    """Give the rows of each table that the columns read."""
    if name == "fields":
        return {f"field{n}": size + 1 for n, size in enumerate(SIZES)}
    known = {"person": PERSONS, "city": CITIES, "item": ITEMS, "category": CATEGORIES}
    return {name: size + 1 for name, size in known.items()}


def layout_of(name: str) -> Layout:
    """Tell our networks what there is."""
    sizes = sizes_of(name)
    if name == "fields":
        return Layout(pairs=Side(ones=tuple(Field(f, size, f) for f, size in sizes.items())))
    one = {f: Field(f, size, f) for f, size in sizes.items()}
    steps = tuple(Field(f"hist_{f}", sizes[f], f) for f in ("item", "category"))
    past = Past("hist", steps, ("item", "category"), STEPS)
    return Layout(
        asks=Side(ones=(one["person"], one["city"]), pasts=(past,)),
        items=Side(ones=(one["item"], one["category"])),
    )


def examples_of(name: str, clicks: Clicks) -> Examples:
    """Give clicks as our networks read them: each pair has an ask and an item of its own."""
    rows, columns = len(clicks.labels), clicks.columns
    each, none = np.arange(rows), np.zeros(rows, np.int64)
    nowhere, nobody = np.zeros((rows, 0), np.int32), np.zeros((rows, 0), np.float32)
    if name == "fields":
        pairs = Columns(_codes(columns, list(sizes_of(name))), numbers=nobody)
        inputs = Inputs(nothing(1), nothing(1), pairs, none, none, nowhere)
    else:
        steps = np.stack([columns["hist_item"], columns["hist_category"]], 2).astype(np.int32)
        asks = Columns(_codes(columns, ["person", "city"]), numbers=nobody, pasts=(steps,))
        items = Columns(_codes(columns, ["item", "category"]), numbers=nobody)
        inputs = Inputs(asks, items, nothing(rows), each, each, nowhere)
    labels, weights = clicks.labels[:, None], np.ones(rows, np.float32)
    scenes = np.full(rows, -1, np.int32)
    return Examples(inputs, labels, weights, each, each, np.zeros(rows), scenes)


def _codes(columns: Arrays, names: list[str]) -> NDArray[np.int32]:
    return np.stack([columns[name] for name in names], 1).astype(np.int32)
