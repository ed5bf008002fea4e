"""From a request to a page: recall, leave out what was seen, order, cut."""

from dataclasses import dataclass
from datetime import datetime

from graph.where import EVERYTHING, Where


@dataclass(frozen=True)
class Request:
    """One request for recommendations."""

    scene: str
    person: int | None
    first: int
    moment: datetime
    offset: int = 0
    where: Where = EVERYTHING


@dataclass(frozen=True)
class Placed:
    """An item with its place, its score and the channel that found it."""

    item: int
    score: float
    channel: str


@dataclass(frozen=True)
class Page:
    """Items in order, and whether there are more."""

    items: tuple[Placed, ...]
    more: bool
