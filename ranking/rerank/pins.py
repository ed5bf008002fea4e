"""The rule `pins`: items with a fixed place."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ranking.rerank.rule import Rule


def _apart(items: dict[str, int]) -> dict[str, int]:
    """Refuse two items at one place."""
    taken: dict[int, str] = {}
    for key, place in items.items():
        if place in taken:
            raise ValueError(f"{taken[place]} and {key} are both pinned to place {place}")
        taken[place] = key
    return items


Place = Annotated[int, Field(ge=1, le=500)]


class Pins(Rule):
    """Items that stand at a fixed place wherever they may be shown at all."""

    type: Literal["pins"]
    items: Annotated[dict[str, Place], AfterValidator(_apart)] = Field(
        min_length=1, max_length=100, description="key of an item → its place; 1 is the first"
    )

    def pinned(self) -> Mapping[str, int]:
        """Give the keys of items that have a fixed place."""
        return self.items
