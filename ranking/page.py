"""The currency of ranking: a page."""

from dataclasses import dataclass

from ranking.stages import Placed
from recall.gathering import Dropped


@dataclass(frozen=True)
class Page:
    """Items in order, whether there are more, and which channels and stages gave nothing."""

    items: tuple[Placed, ...]
    more: bool
    dropped: tuple[Dropped, ...] = ()
