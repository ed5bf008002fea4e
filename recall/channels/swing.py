"""Items that pairs of persons like who have little else in common."""

from typing import Literal

from pydantic import Field

from graph.graph import Edges
from nlp.compiled import Flags
from recall.similar.counting import Count, swings
from recall.similar.spec import Similar


class Swing(Similar):
    """Lists of similar items by pairs of persons who like both."""

    type: Literal["swing"]
    smooth: float = Field(
        default=1.0, gt=0, description="the greater, the less it matters what else a pair shares"
    )
    persons: int = Field(
        default=100, ge=2, le=10_000, description="persons of an item that are paired"
    )

    def count(self, liked: Edges, usable: Flags, threads: int) -> Count:
        """Prepare counting how similar items are."""
        return swings(liked, usable, self.top, self.smooth, self.persons, threads)
