"""The rule `dpp`: what adds most to the volume that relevant, different items span comes next."""

from typing import Literal

import numpy as np
from pydantic import Field

from ranking.rerank.likeness import Likeness
from ranking.rerank.rule import Group, Rule, Weigh
from ranking.rerank.stock import Doubles, Spot, Stock

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
        default=0.8, gt=0, le=1, description="what relevance counts for; the rest is difference"
    )
    window: int = Field(default=10, ge=1, le=50, description="how many items before it count")

    def reads(self) -> tuple[str, ...]:
        """Name what it wants to know."""
        return tuple(self.by)

    def reach(self) -> int:
        """Tell how far back it looks."""
        return self.window

    def weigh(self, stock: Stock) -> Weigh:
        """Weigh relevance against how little is new."""
        alike = Likeness(stock, self.by)

        def weigh(worth: Doubles, spot: Spot) -> Doubles:
            rows = ALIKE * alike.last(spot.placed, self.window)
            among = rows[:, spot.placed[len(spot.placed) - len(rows) :]]
            gains = gains_of(rows[:, : len(worth)], among)
            return self.relevance * worth + (1 - self.relevance) * np.log(gains)

        return weigh


def gains_of(rows: Doubles, among: Doubles) -> Doubles:
    """Give what each row multiplies the determinant by, beside those before.

    # rows: (before, rows), among: (before, before) likeness of those before to all, and themselves
    """
    kernel = among.copy()
    np.fill_diagonal(kernel, 1.0)
    gains: Doubles = 1.0 - (rows * (np.linalg.inv(kernel) @ rows)).sum(axis=0)
    return np.maximum(gains, LEAST)
