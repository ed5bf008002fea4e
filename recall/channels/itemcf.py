"""Items that are liked by the persons who liked what this person did."""

from typing import ClassVar, Literal

from graph.graph import Edges
from nlp.compiled import Flags
from recall.similar.counting import Count, cosines
from recall.similar.spec import Similar


class ItemCF(Similar):
    """Lists of similar items by the cosine of who likes them."""

    far: ClassVar[bool] = True

    type: Literal["itemcf"]

    def count(self, liked: Edges, usable: Flags, threads: int) -> Count:
        """Prepare counting how similar items are."""
        return cosines(liked, usable, self.top, threads)
