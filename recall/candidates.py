"""The currency of recall: a question goes in, candidates come out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.where import EVERYTHING, Where


@dataclass(frozen=True)
class History:
    """What somebody did of late, the newest first."""

    items: NDArray[np.int32]  # (deeds,) ids
    weights: NDArray[np.float32]  # (deeds,) as `events.positive` has them
    times: NDArray[np.float64]  # (deeds,) seconds since 1970
    kinds: tuple[str, ...] = ()  # (deeds,) kinds of event

    def after(self, time: float) -> "History":
        """Leave out what was done until a time."""
        count = int((self.times > time).sum())
        if count == len(self.times):
            return self
        return History(
            self.items[:count], self.weights[:count], self.times[:count], self.kinds[:count]
        )


NOTHING = History(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.float64))


class Deed(NamedTuple):
    """Something that somebody did to an item."""

    item: int
    kind: str
    time: float  # seconds since 1970


@dataclass(frozen=True)
class Said:
    """What a request itself says of who asks; it counts beside and before what is stored."""

    attributes: Mapping[str, Any] = field(default_factory=dict)  # of persons; None: not known
    deeds: tuple[Deed, ...] = ()  # the oldest first


SILENT = Said()


@dataclass(frozen=True)
class Question:
    """Who asks for what, and when."""

    scene: str
    person: int | None
    moment: datetime
    words: Mapping[str, str] = field(default_factory=dict)  # the value of each dimension, if known
    where: Where = EVERYTHING
    leave_out: tuple[int, ...] = ()
    history: History = NOTHING
    keyword: str | None = None  # what is searched for, as it was typed
    said: Said = SILENT  # its deeds are in the history too


@dataclass(frozen=True)
class Candidates:
    """Items that one channel found, the best first."""

    channel: str
    items: NDArray[np.int32]  # (found,)
    scores: NDArray[np.float64]  # (found,)
    told: Mapping[str, Any] = field(default_factory=dict)  # how they were found

    def some(
        self, lets: Callable[[NDArray[np.int32]], NDArray[np.bool_]], top: int
    ) -> "Candidates":
        """Keep the first ones that may be found."""
        rows = np.flatnonzero(lets(self.items))[:top]
        return replace(self, items=self.items[rows], scores=self.scores[rows])


def candidates_of(channel: str, rows: Iterable[Any]) -> Candidates:
    """Make candidates of rows of `item` and `score`, the best first."""
    pairs = [(row.item, row.score) for row in rows]
    items = np.array([item for item, _ in pairs], np.int32)
    return Candidates(channel, items, np.array([score for _, score in pairs], np.float64))


def candidates_in(channel: str, packed: Any) -> Candidates:
    """Make candidates of a row as `recall.queries.packed` gives it."""
    items = np.frombuffer(packed[0] or b"", ">i4").astype(np.int32)
    return Candidates(channel, items, np.frombuffer(packed[1] or b"", ">f8").astype(np.float64))


class Finder(Protocol):
    """A channel that is ready to answer."""

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` candidates."""


@runtime_checkable
class Enclosed(Protocol):
    """A finder that needs a transaction of its own."""

    enclosed: bool


@runtime_checkable
class TagFinder(Protocol):
    """A channel that finds tags as well."""

    async def find_tags(
        self, connection: AsyncConnection, question: Question, facet: str, top: int
    ) -> Candidates:
        """Find at most `top` tags of a facet; none where it knows of no tags, or not who asks."""


@runtime_checkable
class Warmed(Protocol):
    """A finder that keeps something in memory."""

    async def warm(self, connection: AsyncConnection) -> None:
        """Fill memory before somebody asks."""
