"""The rule `scatter`: two of the same value do not stand near each other."""

from typing import Literal

from pydantic import Field

from ranking.rerank.cap import crowded
from ranking.rerank.rule import Group, Refuse, Rule
from ranking.rerank.stock import Stock


class Scatter(Rule):
    """No two items of one value closer than so many places."""

    type: Literal["scatter"]
    by: Group = Field(description="such as category, or facet.style")
    apart: int = Field(ge=2, le=200, description="places from one to the next at least")

    def name(self) -> str:
        """Say which rule it is."""
        return f"scatter {self.by}"

    def reads(self) -> tuple[str, ...]:
        """Name what it wants to know."""
        return (self.by,)

    def reach(self) -> int:
        """Tell how far back it looks."""
        return self.apart - 1

    def refuse(self, stock: Stock) -> Refuse:
        """Keep items away from their like."""
        return crowded(stock.codes[self.by], 1, self.apart)
