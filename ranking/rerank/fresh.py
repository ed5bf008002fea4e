"""The rule `fresh`: a share of relevance is newness."""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import numpy as np
from pydantic import Field

from ranking.rerank.rule import Rule
from ranking.rerank.stock import Doubles, Stock
from weft.words import Duration


class Fresh(Rule):
    """A share of relevance that an item has in full when it is new, and that fades with age."""

    type: Literal["fresh"]
    share: float = Field(default=0.1, gt=0, lt=1, description="of relevance; the rest stays")
    half_life: Duration = Field(
        default=timedelta(days=3), description="after so long an item has half of it left"
    )

    def ages(self) -> bool:
        """Tell that it wants to know ages."""
        return True

    def lift(self, stock: Stock) -> Callable[[Doubles], Doubles]:
        """Add newness to relevance."""
        lives = np.maximum(stock.ages, 0.0) / self.half_life.total_seconds()
        newness = np.exp2(-lives[: stock.count])
        return lambda relevance: (1 - self.share) * relevance + self.share * newness
