"""What one process serves: one release from the start of a request to its end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import strawberry
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from api.spec import Spec
from ranking.pages import Page, Request
from recall.candidates import Finder
from weft.releases import Live


@dataclass(frozen=True)
class Serving:
    """A release and all that was made ready for it; before the first release only the spec."""

    spec: Spec
    schema: strawberry.Schema
    live: Live | None = None
    finders: Mapping[str, Finder] = field(default_factory=dict)


@dataclass(frozen=True)
class Reject:
    """An event that was not kept: its place in the list, the column at fault and the reason."""

    index: int
    column: str | None
    reason: str


@dataclass(frozen=True)
class Tracked:
    """What became of a list of events."""

    accepted: int
    known: int
    rejected: tuple[Reject, ...]


class Recommend(Protocol):
    """From a request to a page."""

    async def __call__(
        self, connection: AsyncConnection, serving: Serving, request: Request
    ) -> Page:
        """Give the page."""


@dataclass(frozen=True)
class Stages:
    """What the stages below give to the API."""

    read_live: Callable[[Connection], Live | None]
    find_with: Callable[[Spec, Live], Mapping[str, Finder]]
    recommend: Recommend
    track: Callable[[Connection, Spec, Sequence[Mapping[str, Any]]], Tracked]
