"""The rule `cap`: at most so many of one value."""

from typing import Literal

from pydantic import Field

from ranking.rerank.rule import Group, Refuse, Rule
from ranking.rerank.stock import Codes, Refusal, Spot, Stock


class Cap(Rule):
    """At most so many items of one value, on a page or in every window of so many places."""

    type: Literal["cap"]
    by: Group = Field(description="such as seller, or facet.style")
    most: int = Field(ge=1, le=1_000, description="how many items of one value at most")
    window: int | None = Field(
        default=None, ge=2, le=500, description="in so many places in a row; default: on a page"
    )

    def name(self) -> str:
        """Say which rule it is."""
        return f"cap {self.by}"

    def reads(self) -> tuple[str, ...]:
        """Name what it wants to know."""
        return (self.by,)

    def reach(self) -> int:
        """Tell how far back it looks."""
        return 0 if self.window is None else self.window - 1

    def refuse(self, stock: Stock) -> Refuse:
        """Keep items away whose value is there often enough."""
        return crowded(stock.codes[self.by], self.most, self.window)


def crowded(codes: Codes, most: int, window: int | None) -> Refuse:
    """Refuse values that so many of the items around a place have."""

    def refuse(spot: Spot) -> Refusal:
        around = [value for row in spot.within(window) for value in codes.own[row]]
        return Refusal(codes, around, most)

    return refuse
