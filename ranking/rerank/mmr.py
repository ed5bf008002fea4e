"""The rule `mmr`: what is relevant and unlike the items before it comes next."""

from typing import Literal

from pydantic import Field

from ranking.rerank.likeness import Likeness
from ranking.rerank.rule import Group, Rule, Weigh
from ranking.rerank.stock import Doubles, Spot, Stock


class Mmr(Rule):
    """Relevance, less the likeness to the most alike of the items before.

    Carbonell, Goldstein: The use of MMR (1998).
    """

    type: Literal["mmr"]
    by: list[Group] = Field(min_length=1, description="what makes two items alike")
    relevance: float = Field(
        default=0.8, gt=0, le=1, description="what relevance counts for; the rest is difference"
    )
    window: int = Field(default=10, ge=1, le=100, description="how many items before it count")

    def reads(self) -> tuple[str, ...]:
        """Name what it wants to know."""
        return tuple(self.by)

    def reach(self) -> int:
        """Tell how far back it looks."""
        return self.window

    def weigh(self, stock: Stock) -> Weigh:
        """Weigh relevance against likeness."""
        alike = Likeness(stock, self.by)

        def weigh(worth: Doubles, spot: Spot) -> Doubles:
            rows = alike.last(spot.placed, self.window)[:, : len(worth)]
            nearest: Doubles = rows.max(axis=0, initial=0.0)
            return self.relevance * worth - (1 - self.relevance) * nearest

        return weigh
