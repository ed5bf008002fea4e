"""The rule `mmr`: what is relevant and unlike the items before it comes next."""

from functools import cache
from typing import Literal

import numpy as np
from pydantic import Field

from ranking.rerank.rule import Group, Rule, Weigh
from ranking.rerank.stock import Doubles, Spot, Stock, similarity


class Mmr(Rule):
    """Relevance, less the likeness to the most alike of the items before.

    Carbonell, Goldstein: The use of MMR (1998).
    """

    type: Literal["mmr"]
    by: list[Group] = Field(min_length=1, description="what makes two items alike")
    relevance: float = Field(
        default=0.8, ge=0, le=1, description="what relevance counts for; the rest is difference"
    )
    window: int = Field(
        default=10, ge=1, le=100, description="how many items before count; all: too many for long"
    )

    def reads(self) -> tuple[str, ...]:
        """Name what it wants to know."""
        return tuple(self.by)

    def reach(self) -> int:
        """Tell how far back it looks."""
        return self.window

    def weigh(self, stock: Stock) -> Weigh:
        """Weigh relevance against likeness."""
        alike = cache(lambda row: similarity(stock, self.by, row))

        def weigh(worth: Doubles, spot: Spot) -> Doubles:
            before = spot.last(self.window)
            if not before:
                return worth
            nearest: Doubles = np.maximum.reduce([alike(row) for row in before])
            return self.relevance * worth - (1 - self.relevance) * nearest

        return weigh
