"""The rule `bans`: items that are not shown."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from ranking.rerank.rule import Rule


class Bans(Rule):
    """Items that are not shown, whoever finds them."""

    type: Literal["bans"]
    items: list[str] = Field(min_length=1, max_length=1_000, description="keys of items")

    def banned(self) -> Sequence[str]:
        """Give the keys of items that are not shown."""
        return self.items
