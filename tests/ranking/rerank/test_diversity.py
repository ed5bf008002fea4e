from itertools import permutations

import numpy as np
import pytest

from ranking.rerank.arranging import arrange
from ranking.rerank.dpp import ALIKE, Dpp
from ranking.rerank.likeness import similarity
from ranking.rerank.mmr import Mmr
from ranking.rerank.stock import Stock
from tests.ranking.rerank.stocks import falling, rows_of, stock_of

ROWS, TOP = 9, 6


def random_stock(seed: int) -> Stock:
    draws = np.random.default_rng(seed)
    kinds = draws.integers(0, 4, ROWS).tolist()
    styles = [draws.choice(6, draws.integers(0, 4), replace=False).tolist() for _ in range(ROWS)]
    relevance = np.sort(draws.random(ROWS))[::-1].tolist()
    return stock_of(relevance, {"kind": kinds, "facet.style": styles})


def likeness(stock: Stock, by: list[str]) -> np.ndarray:
    return np.array([similarity(stock, by, row) for row in range(ROWS)])


def test_likeness_is_the_mean_cosine_of_values() -> None:
    stock = stock_of(falling(3), {"kind": ["a", "a", None], "facet.style": [["x", "y"], ["y"], []]})
    got = similarity(stock, ["kind", "facet.style"], 0)
    assert got == pytest.approx([1.0, (1 + 1 / np.sqrt(2)) / 2, 0.0])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("relevance", [0.1, 0.4, 0.8, 1.0])
def test_mmr_takes_at_each_place_what_its_formula_says(seed: int, relevance: float) -> None:
    stock, by = random_stock(seed), ["kind", "facet.style"]
    rule = Mmr(type="mmr", by=by, relevance=relevance, window=100)
    alike, taken = likeness(stock, by), list[int]()
    for _ in range(TOP):
        left = [row for row in range(ROWS) if row not in taken]
        worth = [
            relevance * stock.relevance[row]
            - (1 - relevance) * max((alike[row, other] for other in taken), default=0.0)
            for row in left
        ]
        taken.append(left[int(np.argmax(np.round(worth, 12)))])
    assert rows_of(arrange([rule], stock, TOP)) == taken


@pytest.mark.parametrize("seed", range(8))
def test_dpp_takes_at_each_place_what_adds_most_to_the_determinant(seed: int) -> None:
    stock, by, theta = random_stock(seed), ["kind", "facet.style"], 0.6
    rule = Dpp(type="dpp", by=by, relevance=theta, window=50)
    taken = rows_of(arrange([rule], stock, TOP))
    for count in range(1, TOP + 1):
        left = [row for row in range(ROWS) if row not in taken[: count - 1]]
        sets = {row: [*taken[: count - 1], row] for row in left}
        values = {row: volume(stock, by, theta, rows) for row, rows in sets.items()}
        assert values[taken[count - 1]] == pytest.approx(max(values.values()))


@pytest.mark.parametrize("seed", range(8))
def test_dpp_comes_near_the_best_of_all_sets(seed: int) -> None:
    """Greedy is not the best of all sets; its first three lose little of what there is to win."""
    stock, by, theta = random_stock(seed), ["kind", "facet.style"], 0.6
    taken = rows_of(arrange([Dpp(type="dpp", by=by, relevance=theta)], stock, 3))
    values = [volume(stock, by, theta, list(rows)) for rows in permutations(range(ROWS), 3)]
    worst, best = min(values), max(values)
    assert volume(stock, by, theta, taken) >= best - 0.1 * (best - worst)


def volume(stock: Stock, by: list[str], theta: float, rows: list[int]) -> float:
    """Log of the determinant of the kernel of the paper, of quality exp(θ/(1-θ)/2 · relevance)."""
    kernel = ALIKE * likeness(stock, by)
    np.fill_diagonal(kernel, 1.0)
    quality = np.exp(theta / (1 - theta) / 2 * stock.relevance)
    whole = quality[:, None] * kernel * quality[None, :]
    return float(np.linalg.slogdet(whole[np.ix_(rows, rows)])[1])


@pytest.mark.parametrize("kind", [Mmr, Dpp])
def test_diversity_alternates_two_kinds_and_says_so(kind: type[Mmr | Dpp]) -> None:
    name = "mmr" if kind is Mmr else "dpp"
    stock = stock_of([1, 0.99, 0.98, 0.97], {"kind": list("aabb")})
    made = arrange([kind.model_validate({"type": name, "by": ["kind"], "window": 1})], stock, 4)
    assert rows_of(made) == [0, 2, 1, 3]
    assert [one.rules for one in made] == [(), (name,), (name,), ()]


@pytest.mark.parametrize("kind", [Mmr, Dpp])
def test_items_that_are_wholly_alike_come_by_relevance(kind: type[Mmr | Dpp]) -> None:
    name = "mmr" if kind is Mmr else "dpp"
    stock = stock_of(falling(30), {"kind": ["a"] * 30})
    rule = kind.model_validate({"type": name, "by": ["kind"], "relevance": 0.3})
    assert rows_of(arrange([rule], stock, 30)) == list(range(30))
