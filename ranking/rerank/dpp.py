"""The rule `dpp`: what adds most to the volume that relevant, different items span comes next."""

from functools import cache
from typing import Literal

import numpy as np
from pydantic import Field

from ranking.rerank.rule import Group, Rule, Weigh
from ranking.rerank.stock import Doubles, Spot, Stock, similarity

ALIKE = 0.9  # two of a kind are nearly the same, so that a third one can still be told apart
LEAST = 1e-12


class Dpp(Rule):
    """Relevance, and the logarithm of what an item adds to the determinant of likeness.

    Chen, Zhang, Zhou: Fast Greedy MAP Inference for Determinantal Point Process (2018), with a
    window: item by item, the gain is that of the paper, of relevance as the logarithm of quality.
    """

    type: Literal["dpp"]
    by: list[Group] = Field(min_length=1, description="what makes two items alike")
    relevance: float = Field(
        default=0.8, ge=0, le=1, description="what relevance counts for; the rest is difference"
    )
    window: int = Field(default=10, ge=1, le=50, description="how many items before count")

    def reads(self) -> tuple[str, ...]:
        """Name what it wants to know."""
        return tuple(self.by)

    def reach(self) -> int:
        """Tell how far back it looks."""
        return self.window

    def weigh(self, stock: Stock) -> Weigh:
        """Weigh relevance against how little is new."""
        alike = cache(lambda row: ALIKE * similarity(stock, self.by, row))

        def weigh(worth: Doubles, spot: Spot) -> Doubles:
            before = spot.last(self.window)
            if not before:
                return self.relevance * worth
            gains = gains_of(np.array([alike(row) for row in before]), before)
            return self.relevance * worth + (1 - self.relevance) * np.log(gains)

        return weigh


def gains_of(rows: Doubles, before: list[int]) -> Doubles:
    """Give what each row multiplies the determinant by, beside those before.

    # rows: (before, rows) likeness of those before to all
    """
    among = rows[:, before].copy()
    np.fill_diagonal(among, 1.0)
    explained = np.einsum("br,br->r", rows, np.linalg.inv(among) @ rows)
    gains: Doubles = np.maximum(1.0 - explained, LEAST)
    return gains
