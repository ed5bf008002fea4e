"""What the API answered, as values; what went wrong, as one of `weft.errors`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weft.errors import (
    BadRequest,
    Conflict,
    NotFound,
    RateLimited,
    Refused,
    Unauthenticated,
    Unavailable,
    WeftError,
)

ERRORS: Mapping[str, type[WeftError]] = {
    kind.code: kind
    for kind in (BadRequest, Conflict, NotFound, Refused, Unauthenticated, Unavailable)
}
RATE_LIMITED = 429


@dataclass(frozen=True)
class Shown:
    """An item where it stands: its fields as they were asked for, and its score."""

    item: Mapping[str, Any]
    score: float


@dataclass(frozen=True)
class Page:
    """Items in order; send `trace` along with events, and `after` to go on."""

    trace: str
    release: int
    items: tuple[Shown, ...]
    after: str | None
    dropped: tuple[str, ...] = ()

    @property
    def keys(self) -> list[str]:
        """Give the keys of its items."""
        return [shown.item["key"] for shown in self.items]


@dataclass(frozen=True)
class Rejected:
    """Something that was not kept: what was sent, and why not."""

    sent: Mapping[str, Any]
    column: str | None
    reason: str


@dataclass(frozen=True)
class Tracked:
    """What became of events."""

    accepted: int = 0
    known: int = 0
    strays: int = 0
    rejected: tuple[Rejected, ...] = ()

    def __add__(self, other: "Tracked") -> "Tracked":
        return Tracked(
            self.accepted + other.accepted,
            self.known + other.known,
            self.strays + other.strays,
            self.rejected + other.rejected,
        )


@dataclass(frozen=True)
class Upserted:
    """What became of items."""

    added: int
    changed: int
    unchanged: int
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True)
class Removed:
    """What became of keys: items removed, gone already, and keys that no item has."""

    removed: int
    gone: int
    unknown: tuple[str, ...] = ()


def data_of(status: int, content: object) -> Mapping[str, Any]:
    """Give the data of an answer, or raise what its first error says."""
    if isinstance(content, dict) and content.get("errors"):
        raise error_of(content["errors"][0])
    if status == RATE_LIMITED or status >= 500:
        raise Unavailable(f"the server answered {status}; try again in a moment")
    if not isinstance(content, dict) or not isinstance(content.get("data"), dict):
        raise BadRequest(f"this is no answer of Weft's API: HTTP {status}")
    data: Mapping[str, Any] = content["data"]
    return data


def error_of(said: Mapping[str, Any]) -> WeftError:
    """Make an error of what was said; a code that is not known is kept as it is."""
    more = said.get("extensions") or {}
    code = str(more.get("code", "INTERNAL"))
    if code == Conflict.code:
        return Conflict(said.get("message"), more.get("sides"))
    if code == RateLimited.code:
        return RateLimited(int(more.get("seconds", 1)))
    error = ERRORS.get(code, WeftError)(said.get("message"))
    error.code = code
    return error


def page_of(said: Mapping[str, Any]) -> Page:
    """Read a page."""
    info = said["pageInfo"]
    return Page(
        said["traceId"],
        said["release"],
        tuple(Shown(edge["node"]["item"], edge["node"]["score"]) for edge in said["edges"]),
        info["endCursor"] if info["hasNextPage"] else None,
        tuple(one["name"] for one in said["dropped"]),
    )


def tracked_of(said: Mapping[str, Any], sent: Sequence[Mapping[str, Any]]) -> Tracked:
    """Read what became of events."""
    counts = (said["accepted"], said["known"], said["strays"])
    return Tracked(*counts, _rejected(said, sent))


def upserted_of(said: Mapping[str, Any], sent: Sequence[Mapping[str, Any]]) -> Upserted:
    """Read what became of items."""
    counts = (said["added"], said["changed"], said["unchanged"])
    return Upserted(*counts, _rejected(said, sent))


def removed_of(said: Mapping[str, Any]) -> Removed:
    """Read what became of keys."""
    return Removed(said["removed"], said["gone"], tuple(said["unknown"]))


def _rejected(said: Mapping[str, Any], sent: Sequence[Mapping[str, Any]]) -> tuple[Rejected, ...]:
    return tuple(Rejected(sent[r["index"]], r["column"], r["reason"]) for r in said["rejected"])
