"""Relay connections, and the cursors by which a listing goes on."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson
import strawberry

from weft.errors import BadRequest

Node = TypeVar("Node")
MOST = 100


@strawberry.type
class PageInfo:
    """Where a page begins and ends."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class Edge(Generic[Node]):
    """A node and its place in the listing."""

    cursor: str
    node: Node


@strawberry.type
class Connection(Generic[Node]):
    """One page of a listing."""

    edges: list[Edge[Node]]
    page_info: PageInfo
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many there are in all; counted only if asked for.")
    async def total_count(self) -> int:
        """Count them."""
        return await self.count()


def connection_of(node: type) -> Any:
    """Give the connection of a type that is only known now."""
    return Connection[node]  # type: ignore[valid-type]


def page_info(cursors: list[str], more: bool, after: str | None) -> PageInfo:
    """Describe a page by the cursors on it."""
    return PageInfo(
        has_next_page=more,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def check_first(first: int) -> int:
    """Check how many are asked for."""
    if not 1 <= first <= MOST:
        raise BadRequest(f"first: a number from 1 to {MOST} is needed, not {first}")
    return first


def write_cursor(listing: str, *parts: Any) -> str:
    """Write a cursor; it belongs to one listing."""
    return base64.urlsafe_b64encode(orjson.dumps([listing, *parts])).decode().rstrip("=")


def read_cursor(listing: str, cursor: str, *kinds: Any) -> list[Any]:
    """Read a cursor of this listing whose parts are of these kinds."""
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise _foreign() from None
    if not isinstance(parts, list) or len(parts) != len(kinds) + 1 or parts[0] != listing:
        raise _foreign()
    if any(
        not isinstance(p, kind) or isinstance(p, bool)
        for p, kind in zip(parts[1:], kinds, strict=True)
    ):
        raise _foreign()
    return parts[1:]


def parse_moment(text: str) -> datetime:
    """Read a time that stands in a cursor."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _foreign() from None
    if moment.tzinfo is None:
        raise _foreign()
    return moment


def _foreign() -> BadRequest:
    return BadRequest("after: this cursor was not given by this query with this order")
