"""Items to arrange, made by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ranking.rerank.arranging import Chosen, arrange
from ranking.rerank.reading import codes_of
from ranking.rerank.rule import Rule
from ranking.rerank.stock import Stock


def stock_of(relevance: Sequence[float], values: Mapping[str, Sequence[Any]], **more: Any) -> Stock:
    """Give a stock whose rows are all to be arranged, unless it is said how many."""
    rows = len(relevance)
    codes = {name: codes_of(list(own)) for name, own in values.items()}
    usual = {"count": rows, "ages": np.zeros(rows)}
    return Stock(np.arange(rows), np.array(relevance, float), codes=codes, **{**usual, **more})


def falling(rows: int) -> list[float]:
    """Give relevance that falls evenly from 1 to 0."""
    return np.linspace(1, 0, rows).tolist()


def letters(text: str, rules: Sequence[Rule], count: int | None = None, **more: Any) -> str:
    """Arrange letters, each a value of its own."""
    stock = stock_of(falling(len(text)), {"letter": list(text)}, **more)
    made = arrange(rules, stock, len(text) if count is None else count)
    return "".join(text[one.row] for one in made)


def rows_of(chosen: Sequence[Chosen]) -> list[int]:
    """Give the rows in their order."""
    return [one.row for one in chosen]
